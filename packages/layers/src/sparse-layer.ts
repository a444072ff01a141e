import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { layers, SymbolicTensor, type Shape } from '@tensorflow/tfjs-layers';
import { coordinateMapOf, requireRange, SparseTensor, type CoordinateMap } from '@tfjs-sparse/core';
import { currentCoordinates, pushCoordinates } from './coordinate-scope.js';

/** Constructor arguments that every Keras layer takes (`name`, `inputShape`, `trainable`, …). */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

type LayerInputs = Parameters<layers.Layer['apply']>[0];
type Kwargs = Parameters<layers.Layer['apply']>[1];

/**
 * A layer on sparse tensors. It is called with `[features, coords]`, as in `tf.model`, or with `features` alone, as in
 * `tf.sequential`, where the sites come from the run (`withCoordinates`).
 */
export abstract class SparseLayer extends layers.Layer {
  /** Marks symbolic coords as int32: tfjs gives every output float32 and would cast the coords, which loses their map. */
  override apply(inputs: LayerInputs, kwargs?: Kwargs): ReturnType<layers.Layer['apply']> {
    const outputs = super.apply(inputs, kwargs);
    if (Array.isArray(outputs) && outputs[1] instanceof SymbolicTensor) Object.assign(outputs[1], { dtype: 'int32' });
    return outputs;
  }

  /** The SparseTensor that `inputs` stand for. */
  protected sparseInput(inputs: Tensor | Tensor[]): SparseTensor {
    const [features, coords] = Array.isArray(inputs) ? inputs : [inputs];
    const map = coords ? coordinateMapOf(coords) : currentCoordinates(this.name);
    return new SparseTensor(features as Tensor2D, map);
  }

  /** The sites given as the third input of an inverse layer. */
  protected targetInput(inputs: Tensor[]): CoordinateMap {
    const rule = 'inputs must be features, coords and target coords';
    requireRange(inputs.length === 3, this.name, rule, inputs.length);
    return coordinateMapOf(inputs[2]);
  }

  /** The output of a layer that changes the sites: features and coords, or features alone as `inputs` were. */
  protected onNewSites(y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    if (this.hasCoordinates(inputs)) return [y.features, y.map.toTensor()];
    pushCoordinates(this.name, y.map);
    return y.features;
  }

  /** The sites given as the third input of a layer that can do without, if they are. */
  protected givenTarget(inputs: Tensor | Tensor[]): CoordinateMap | undefined {
    return Array.isArray(inputs) && inputs.length > 2 ? this.targetInput(inputs) : undefined;
  }

  /** True where the layer got coords, so that one that changes the sites gives `[features, coords]` back. */
  protected hasCoordinates(inputs: Tensor | Tensor[] | Shape | Shape[]): boolean {
    return Array.isArray(inputs) && inputs.length > 1 && (Array.isArray(inputs[0]) || isTensor(inputs[0]));
  }
}

/** The shape `[sites, channels]` of the features among the shapes of a layer's inputs. */
export function featureShape(inputShape: Shape | Shape[]): Shape {
  return Array.isArray(inputShape[0]) ? (inputShape[0] as Shape) : (inputShape as Shape);
}

/** The channels of the features, which must be known when a layer makes its weights. */
export function channelsOf(layerName: string, inputShape: Shape | Shape[]): number {
  const channels = featureShape(inputShape)[1];
  if (channels == null) throw new RangeError(`${layerName}: features must have a known number of channels, got null`);
  return channels;
}

function isTensor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'dataId' in value;
}
