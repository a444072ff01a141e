import * as tf from '@tensorflow/tfjs-core';
import type { SparseTensor } from '@tfjs-sparse/core';
import type { submConv } from '@tfjs-sparse/sparse-conv';
import { convolve, convolveGradients, type Convolution, type ConvolutionParameters } from './convolution.js';

/**
 * Submanifold convolution by the oracle, as an op to hand to the harness: what its own specs run, right or spoilt. Reads at
 * once, so for the cpu and wasm backends only.
 */
export const oracleSubmConv: typeof submConv = (x, filter, options) => {
  const { kernelSize = [], dilation = 1 } = options;
  const perAxis = (value: number | readonly number[]) =>
    typeof value === 'number' ? Array<number>(x.map.rank).fill(value) : value;
  const [sizes, steps] = [perAxis(kernelSize), perAxis(dilation)];
  const convolution: Convolution = {
    kernelSize: sizes,
    dilation: steps,
    strides: sizes.map(() => 1),
    padding: sizes.map((size, axis) => (steps[axis] * (size - 1)) / 2),
  };
  const { bias = tf.zeros<tf.Rank.R1>([filter.shape[2]]) } = options;
  return x.withFeatures(convolved(x, filter, bias, convolution));
};

function convolved(
  { features, map }: SparseTensor,
  filter: tf.Tensor3D,
  bias: tf.Tensor1D,
  convolution: Convolution,
): tf.Tensor2D {
  const sites = rowsOf(map.coordinates, map.rank + 1);
  const operation = tf.customGrad((...args) => {
    const [x, w, b] = args as [tf.Tensor2D, tf.Tensor3D, tf.Tensor1D];
    const rows = rowsOf(x.dataSync(), x.shape[1]);
    const parameters: ConvolutionParameters = { weight: slicesOf(w), bias: [...b.dataSync()] };
    const y = convolve(rows, sites, sites, convolution, parameters);
    const gradFunc = (dy: tf.Tensor) => {
      const upstream = rowsOf(dy.dataSync(), w.shape[2]);
      const gradients = convolveGradients(upstream, rows, sites, sites, convolution, parameters);
      return [
        tf.tensor(gradients.x.flat(), x.shape),
        tf.tensor(gradients.weight.flat(2), w.shape),
        tf.tensor(gradients.bias, b.shape),
      ];
    };
    return { value: tf.tensor(y.flat(), [sites.length, w.shape[2]]), gradFunc };
  });
  return operation(features, filter, bias) as tf.Tensor2D;
}

function slicesOf(filter: tf.Tensor3D): number[][][] {
  const [, inChannels, outChannels] = filter.shape;
  const rows = rowsOf(filter.dataSync(), outChannels);
  return Array.from({ length: filter.shape[0] }, (_, k) => rows.slice(k * inChannels, (k + 1) * inChannels));
}

function rowsOf(values: ArrayLike<number>, columns: number): number[][] {
  const flat = Array.from(values);
  return Array.from({ length: flat.length / columns }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
}
