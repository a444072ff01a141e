import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { layersOf, replaceLayers, type LayerReplacement } from '@tfjs-sparse/layers';
import '../layers.js';
import { FusedDepthwiseConv2D } from '../depthwise-conv2d/layer.js';
import { sparseReplacement } from '../matmul/replacement-layers.js';
import {
  asFastDense,
  dilated,
  formatName,
  formatReason,
  notNhwc,
  sameWeights,
  severalOutputs,
  shareOfZeros,
  staysDense,
} from './report.js';
import type { LayerReport, SparsifyOptions } from './report.js';

/** The model with sparse layers in place of dense ones and 1 x 1 convolutions whose kernels hold zeros. */
export async function sparsifyLayersModel<Model extends LayersModel>(
  model: Model,
  options: SparsifyOptions,
): Promise<{ model: Model; layers: LayerReport[] }> {
  const replacements = new Map<string, LayerReplacement>();
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
  for (const layer of layersOf(model).filter((each) => each.getClassName() === 'DepthwiseConv2D')) {
    const replacement = depthwiseReplacement(layer);
    if (typeof replacement !== 'string') replacements.set(layer.name, replacement);
    const [format, reason] = typeof replacement === 'string' ? ['dense', replacement] : ['depthwise', sameWeights];
    const shape = layer.getWeights()[0].shape;
    layers.push({ name: layer.name, op: 'DepthwiseConv2D', shape, sparsity: 0, format, reason });
  }
  return { model: (await replaceLayers(model, replacements)) as Model, layers };
}

/** The same convolution on this plugin's kernel, or why it stays. */
function depthwiseReplacement(layer: layers.Layer): LayerReplacement | string {
  const config = layer.getConfig();
  if (config.depthMultiplier !== 1) return severalOutputs;
  if ([config.dilationRate].flat().some((rate) => rate !== 1)) return dilated;
  if (config.dataFormat === 'channelsFirst') return notNhwc;
  const replacement = new FusedDepthwiseConv2D({
    name: layer.name,
    kernelSize: config.kernelSize as [number, number],
    strides: config.strides as [number, number],
    padding: config.padding as 'same' | 'valid',
    useBias: config.useBias as boolean,
    activation: config.activation as string,
  });
  return { layer: replacement, weights: layer.getWeights().map((weight) => weight.clone()) };
}

function denseReason(op: string, shape: readonly number[]): string {
  const isWide = op === 'Conv2D' && shape.slice(0, -2).some((size) => size > 1);
  return isWide ? 'its filter is larger than 1 x 1' : asFastDense;
}
