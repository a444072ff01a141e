import { dispose, io, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type layers, type LayersModel } from '@tensorflow/tfjs-layers';

/** What takes the place of a layer. */
export interface LayerReplacement {
  /** A layer of the same input and output; the new model gets a copy made from its config, under the old layer's name. */
  readonly layer: layers.Layer;
  /** What the copy's `setWeights` gets; disposed of afterwards. */
  readonly weights: Tensor[];
}

/** Layers of a model and of the models inside of it. */
export function layersOf(model: LayersModel): layers.Layer[] {
  return model.layers.flatMap((layer) => ('layers' in layer ? layersOf(layer as LayersModel) : [layer]));
}

/**
 * A new, uncompiled model with other layers in place of some. Any model that can be saved can be rebuilt: Sequential,
 * functional, with shared layers, with models inside.
 *
 * @param replacements by the names of layers of the model or of models inside
 */
export async function replaceLayers(
  model: LayersModel,
  replacements: ReadonlyMap<string, LayerReplacement>,
): Promise<LayersModel> {
  const topology = model.toJSON(null, false) as unknown as SavedLayer;
  replaceConfigs(topology, replacements);
  const modelTopology = JSON.parse(JSON.stringify(topology)) as io.ModelJSON['modelTopology']; // as a file has it
  const rebuilt = await loadLayersModel(io.fromMemory({ modelTopology }));
  const copies = layersOf(rebuilt);
  for (const [i, layer] of layersOf(model).entries()) {
    const replacement = replacements.get(layer.name);
    copies[i].setWeights(replacement ? replacement.weights : layer.getWeights());
  }
  for (const { layer, weights } of replacements.values()) {
    dispose(weights);
    if (layer.built) layer.dispose();
  }
  return rebuilt;
}

/** A layer as models are saved; keys are in snake case, which the loader turns into camel case. */
interface SavedLayer {
  class_name: string;
  config: Record<string, unknown> & { name: string; layers?: SavedLayer[] };
}

function replaceConfigs({ config }: SavedLayer, replacements: ReadonlyMap<string, LayerReplacement>): void {
  for (const saved of config.layers ?? []) {
    const replacement = replacements.get(saved.config.name);
    if (!replacement) {
      replaceConfigs(saved, replacements);
      continue;
    }
    const { name, batch_input_shape: inputShape } = saved.config;
    saved.class_name = replacement.layer.getClassName();
    saved.config = { ...replacement.layer.getConfig(), name };
    if (inputShape) saved.config.batch_input_shape = inputShape;
  }
}
