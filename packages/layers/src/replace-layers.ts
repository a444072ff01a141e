import { dispose, io, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
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
  return model.layers.flatMap((layer) => (isModel(layer) ? layersOf(layer) : [layer]));
}

/**
 * A new, uncompiled model with other layers in place of some. Any model that can be saved can be rebuilt: Sequential,
 * functional, with shared layers, with models inside. User-defined metadata goes along.
 *
 * @param replacements by layer of the model or of models inside; layers of one name at two levels are different layers
 */
export async function replaceLayers(
  model: LayersModel,
  replacements: ReadonlyMap<layers.Layer, LayerReplacement>,
): Promise<LayersModel> {
  let rebuilt: LayersModel | undefined;
  try {
    rebuilt = await loadLayersModel(io.fromMemory(topologyWith(model, replacements)));
    const copies = layersOf(rebuilt);
    for (const [i, layer] of layersOf(model).entries()) {
      copyWeights(copies[i], replacements.get(layer)?.weights ?? layer.getWeights());
    }
    return rebuilt;
  } catch (error) {
    rebuilt?.dispose();
    throw error;
  } finally {
    releaseReplacements(replacements.values());
  }
}

/** Past the layer's constraints, which would change what was pruned or frozen with them. */
function copyWeights(layer: layers.Layer, weights: readonly Tensor[]): void {
  const isFitting = weights.length === layer.weights.length;
  requireRange(
    isFitting,
    'replaceLayers',
    `layer '${layer.name}' must get ${layer.weights.length} weights`,
    weights.length,
  );
  for (const [i, variable] of layer.weights.entries()) {
    const { name, shape } = variable;
    const rule = `weight '${name}' must have shape [${shape.join(', ')}]`;
    requireRange(String(weights[i].shape) === String(shape), 'replaceLayers', rule, weights[i].shape);
    (variable.read() as Variable).assign(weights[i]);
  }
}

/** Frees replacements; `replaceLayers` does so itself. */
export function releaseReplacements(replacements: Iterable<LayerReplacement>): void {
  for (const { layer, weights } of replacements) {
    dispose(weights);
    if (layer.built) layer.dispose();
  }
}

/** A layer as models are saved; keys are in snake case, which the loader turns into camel case. */
interface SavedLayer {
  class_name: string;
  config: Record<string, unknown> & { name: string; layers?: SavedLayer[] };
}

function topologyWith(
  model: LayersModel,
  replacements: ReadonlyMap<layers.Layer, LayerReplacement>,
): io.ModelArtifacts {
  const topology = JSON.parse(model.toJSON() as string) as SavedLayer;
  replaceConfigs(topology, model, replacements);
  const modelTopology = JSON.parse(JSON.stringify(topology)) as object; // as a file has it: without what is undefined
  return { modelTopology, userDefinedMetadata: model.getUserDefinedMetadata() };
}

function replaceConfigs(
  { config }: SavedLayer,
  model: LayersModel,
  replacements: ReadonlyMap<layers.Layer, LayerReplacement>,
): void {
  for (const [i, saved] of (config.layers ?? []).entries()) {
    const layer = model.layers[i];
    const replacement = replacements.get(layer);
    if (replacement) {
      const { name, batch_input_shape: inputShape } = saved.config;
      saved.class_name = replacement.layer.getClassName();
      saved.config = { ...replacement.layer.getConfig(), name };
      if (inputShape) saved.config.batch_input_shape = inputShape;
    } else if (isModel(layer)) replaceConfigs(saved, layer, replacements);
  }
}

/** Whether a layer of a model is a model itself. */
export function isModel(layer: layers.Layer): layer is LayersModel {
  return 'layers' in layer;
}
