import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import { releaseReplacements, replaceLayers, type LayerReplacement } from '@tfjs-sparse/layers';
import type { Mask } from './masks/keep-largest.js';
import type { PrunableWeight } from './model/prunable-weight.js';
import { selectWeights } from './model/select-weights.js';
import { layerSparsity, nonZeros, type LayerSparsity } from './model/sparsity-summary.js';

/** `mask` has 1 for each weight of the layer's kernel that is kept; pruned weights of the kernel are 0 by then. */
export type Replace = (
  layer: layers.Layer,
  mask: Mask,
) => LayerReplacement | undefined | Promise<LayerReplacement | undefined>;

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
  const replacements = new Map<layers.Layer, LayerReplacement>();
  try {
    for (const [i, { layer }] of weights.entries()) {
      const isOnly = weights.every((other, j) => j === i || other.layer !== layer);
      const replacement = isOnly && masks[i].includes(0) ? await replace?.(layer, masks[i]) : undefined;
      if (replacement) replacements.set(layer, replacement);
    }
  } catch (error) {
    releaseReplacements(replacements.values());
    throw error;
  }
  if (replacements.size === 0) return { model, layers: report };
  return { model: await replaceLayers(model, replacements), layers: report };
}
