import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** A sparse tensor of a model that is being built. */
export interface SymbolicSites {
  /** `[sites, channels]` */
  readonly features: SymbolicTensor;
  /** int32 `[sites, 1 + rank]` */
  readonly coords: SymbolicTensor;
}

export function siteInputs(channels: number, rank: number): SymbolicSites {
  return {
    features: input({ shape: [channels], name: 'features' }),
    coords: input({ shape: [1 + rank], dtype: 'int32', name: 'coords' }),
  };
}

/** What a layer that keeps the sites makes of them. */
export function onSites(layer: layers.Layer, { features, coords }: SymbolicSites): SymbolicSites {
  return { features: layer.apply([features, coords]) as SymbolicTensor, coords };
}

/** What a layer that changes the sites makes of them. */
export function toNewSites(layer: layers.Layer, { features, coords }: SymbolicSites): SymbolicSites {
  const [newFeatures, newCoords] = layer.apply([features, coords]) as SymbolicTensor[];
  return { features: newFeatures, coords: newCoords };
}

/** Rows of `units` channels: by a linear layer, unless they have so many. */
export function asChannels({ features, coords }: SymbolicSites, units: number): SymbolicSites {
  if (features.shape[1] === units) return { features, coords };
  return { features: layers.dense({ units, name: 'embedding' }).apply(features) as SymbolicTensor, coords };
}

/** The model, with a linear layer to classes where their number is given. */
export function networkOf(
  name: string,
  inputs: SymbolicSites,
  { features }: SymbolicSites,
  classes: number | undefined,
): LayersModel {
  const outputs =
    classes === undefined
      ? features
      : (layers.dense({ units: classes, name: 'head' }).apply(features) as SymbolicTensor);
  return model({ inputs: [inputs.features, inputs.coords], outputs, name });
}
