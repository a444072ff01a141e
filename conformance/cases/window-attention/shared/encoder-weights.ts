import type * as tf from '@tensorflow/tfjs-core';
import type { SetEncoderWeights } from '@tfjs-sparse/window-attention';
import { drawTensor, type SourceTensor } from '../../../oracle/tensor-source.js';

/** The weights of an encoder layer, matrices first. */
export const layerWeights = [
  'qkv',
  'output',
  'inner',
  'outer',
  'qkvBias',
  'outputBias',
  'scale1',
  'offset1',
  'scale2',
  'offset2',
  'innerBias',
  'outerBias',
] as const;

/** The inputs that hold those of the only layer. */
export const encoderInputs = Object.fromEntries(layerWeights.map((name) => [name, 'float32'])) as Record<
  (typeof layerWeights)[number],
  'float32'
>;

export function drawEncoder(channels: number, hidden: number, seed: number): Record<string, SourceTensor> {
  const shapes: Partial<Record<string, number[]>> = {
    qkv: [channels, 3 * channels],
    output: [channels, channels],
    inner: [channels, hidden],
    outer: [hidden, channels],
    qkvBias: [3 * channels],
    innerBias: [hidden],
  };
  return Object.fromEntries(layerWeights.map((name, i) => [name, drawTensor(shapes[name] ?? [channels], seed + i)]));
}

/** The inputs that hold those of a layer of several. */
export function layerInputs(layer: number): Record<string, 'float32'> {
  return Object.fromEntries(layerWeights.map((name) => [`${name}_${layer}`, 'float32']));
}

/** @param suffix of the names of its inputs */
export function weightsOf(inputs: Readonly<Record<string, tf.Tensor>>, suffix: string): SetEncoderWeights {
  const vector = (name: (typeof layerWeights)[number]) => inputs[name + suffix] as tf.Tensor1D;
  const matrix = (name: (typeof layerWeights)[number]) => inputs[name + suffix] as tf.Tensor2D;
  return {
    attention: {
      qkv: matrix('qkv'),
      output: matrix('output'),
      qkvBias: vector('qkvBias'),
      outputBias: vector('outputBias'),
    },
    norm1: { scale: vector('scale1'), offset: vector('offset1') },
    norm2: { scale: vector('scale2'), offset: vector('offset2') },
    inner: matrix('inner'),
    innerBias: vector('innerBias'),
    outer: matrix('outer'),
    outerBias: vector('outerBias'),
  };
}
