import type { layers } from '@tensorflow/tfjs-layers';
import { fusedArgsOf, type LayerReplacement } from '@tfjs-sparse/layers';
import { notNhwc } from '../matmul/weights-conversion.js';
import { FusedDepthwiseConv2D, type FusedDepthwiseConv2DArgs } from './layer.js';

export const severalOutputs = 'it has several outputs per channel';
export const dilated = 'its filter is dilated';

/** A `DepthwiseConv2D` on this plugin's kernel, or why it stays. */
export function depthwiseReplacement(layer: layers.Layer): LayerReplacement | string {
  const config = layer.getConfig();
  if (config.depthMultiplier !== 1) return severalOutputs;
  if ([config.dilationRate].flat().some((rate) => rate !== 1)) return dilated;
  if (config.dataFormat === 'channelsFirst') return notNhwc;
  const replacement = new FusedDepthwiseConv2D({
    ...fusedArgsOf(layer),
    kernelSize: config.kernelSize as [number, number],
    strides: config.strides as [number, number],
    padding: config.padding as 'same' | 'valid',
    depthwiseInitializer: config.depthwiseInitializer as FusedDepthwiseConv2DArgs['depthwiseInitializer'],
    depthwiseRegularizer: config.depthwiseRegularizer as FusedDepthwiseConv2DArgs['depthwiseRegularizer'],
    depthwiseConstraint: config.depthwiseConstraint as FusedDepthwiseConv2DArgs['depthwiseConstraint'],
  });
  return { layer: replacement, weights: layer.getWeights().map((weight) => weight.clone()) };
}
