import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { layersOf, replaceLayers } from '@tfjs-sparse/layers';
import '../layers.js';
import { sparseReplacement, type SparseReplacement } from '../matmul/replacement-layers.js';
import { asFastDense, formatName, formatReason, shareOfZeros, staysDense } from './report.js';
import type { LayerReport, SparsifyOptions } from './report.js';

/** The model with sparse layers in place of dense ones and 1 x 1 convolutions whose kernels hold zeros. */
export async function sparsifyLayersModel<Model extends LayersModel>(
  model: Model,
  options: SparsifyOptions,
): Promise<{ model: Model; layers: LayerReport[] }> {
  const replacements = new Map<string, SparseReplacement>();
  const layers: LayerReport[] = [];
  for (const layer of layersOf(model)) {
    const op = layer.getClassName();
    if (op !== 'Dense' && op !== 'Conv2D') continue;
    const kernel = layer.getWeights()[0];
    const values = await kernel.data();
    const invalid = values.findIndex(Number.isNaN);
    requireRange(
      invalid < 0,
      'sparsifyGraphModel',
      `weights of ${layer.name} must be numbers`,
      `NaN at element ${invalid}`,
    );
    const found = { name: layer.name, op, shape: kernel.shape, sparsity: shareOfZeros(values) };
    const obstacle = staysDense(found, options);
    const replacement = obstacle ? undefined : await sparseReplacement(layer);
    if (replacement) replacements.set(layer.name, replacement);
    layers.push({
      ...found,
      format: replacement ? formatName(replacement.format) : 'dense',
      reason: obstacle ?? (replacement ? formatReason(replacement.format) : denseReason(op, kernel.shape)),
    });
  }
  if (replacements.size === 0) return { model, layers };
  return { model: (await replaceLayers(model, replacements)) as Model, layers };
}

function denseReason(op: string, shape: readonly number[]): string {
  const isWide = op === 'Conv2D' && shape.slice(0, -2).some((size) => size > 1);
  return isWide ? 'its filter is larger than 1 x 1' : asFastDense;
}
