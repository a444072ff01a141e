import { dispose, io, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type layers, type LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import type { Mask } from './masks/keep-largest.js';
import type { PrunableWeight } from './model/prunable-weight.js';
import { layersOf, selectWeights } from './model/select-weights.js';
import { layerSparsity, nonZeros, type LayerSparsity } from './model/sparsity-summary.js';

/** What takes the place of a pruned layer. */
export interface Replacement {
  /** A layer of the same input and output; the new model gets a copy made from its config, under the old layer's name. */
  readonly layer: layers.Layer;
  /** What the copy's `setWeights` gets; disposed of afterwards. */
  readonly weights: Tensor[];
}

/** `mask` has 1 for each weight of the layer's kernel that is kept; pruned weights of the kernel are 0 by then. */
export type Replace = (layer: layers.Layer, mask: Mask) => Replacement | undefined | Promise<Replacement | undefined>;

export interface StripOptions {
  /** Gives a layer without zeros for a pruned one; `undefined` leaves it as it is. */
  readonly replace?: Replace;
}

export interface StrippedModel {
  /** A new, uncompiled model where layers were replaced; otherwise the model that was given. */
  readonly model: LayersModel;
  readonly layers: LayerSparsity[];
}

/** Replaces the layers of a model whose kernels hold zeros, however these came about. */
export async function strip(model: LayersModel, options: StripOptions = {}): Promise<StrippedModel> {
  const weights = selectWeights(model);
  const masks = await Promise.all(weights.map(async (weight) => nonZeros(await weight.values())));
  return stripWeights(model, weights, masks, options);
}

export async function stripWeights(
  model: LayersModel,
  weights: readonly PrunableWeight[],
  masks: readonly Mask[],
  { replace }: StripOptions,
): Promise<StrippedModel> {
  const report = weights.map((weight, i) => layerSparsity(weight, masks[i]));
  const replacements = new Map<string, Replacement>();
  for (const [i, { layer }] of weights.entries()) {
    const replacement = masks[i].includes(0) ? await replace?.(layer, masks[i]) : undefined;
    if (!replacement) continue;
    requireRange(!replacements.has(layer.name), 'strip', 'replaced layers must have different names', layer.name);
    replacements.set(layer.name, replacement);
  }
  if (replacements.size === 0) return { model, layers: report };
  return { model: await rebuild(model, replacements), layers: report };
}

/** Any model that can be saved can be rebuilt: Sequential, functional, with shared layers, with models inside. */
async function rebuild(model: LayersModel, replacements: ReadonlyMap<string, Replacement>): Promise<LayersModel> {
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

function replaceConfigs({ config }: SavedLayer, replacements: ReadonlyMap<string, Replacement>): void {
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
