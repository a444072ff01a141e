import * as tf from '@tensorflow/tfjs-core';
import type { SparseFeatures, SparseOps, Sites, SubmConvOptions } from '../src/ops.js';
import { convolve, convolveGradients, type Convolution, type ConvolutionParameters } from './convolution.js';
import { sortedSites, type Site } from './sites.js';

/**
 * Submanifold convolution by the oracle, as ops to hand to the harness: what its own specs run, right or spoilt. Reads at
 * once, so for the cpu and wasm backends only.
 */
export const oracleOps: SparseOps & Required<Pick<SparseOps, 'submConv'>> = {
  sparseTensor(features, coordinates, { rank, batchSize }) {
    const given = coordinates instanceof Int32Array ? rowsOf(coordinates, rank + 1) : coordinates;
    const sorted = sortedSites(given);
    const order = sorted.map((site) => given.findIndex((row) => row.join() === site.join()));
    const map = sitesOf(sorted, rank, batchSize ?? Math.max(0, ...given.map(([batch]) => batch)) + 1);
    const isSorted = order.every((row, index) => row === index);
    return { features: isSorted ? features : tf.gather(features, tf.tensor1d(order, 'int32')), map };
  },
  withFeatures: ({ map }, features) => ({ features, map }),
  submConv: (x, filter, options) => ({ features: convolved(x, filter, options), map: x.map }),
};

function convolved({ features, map }: SparseFeatures, filter: tf.Tensor3D, options: SubmConvOptions): tf.Tensor2D {
  const sites = rowsOf(map.coordinates, map.rank + 1);
  const {
    kernelSize = [],
    dilation = kernelSize.map(() => 1),
    bias = tf.zeros<tf.Rank.R1>([filter.shape[2]]),
  } = options;
  const convolution: Convolution = {
    kernelSize,
    dilation,
    strides: kernelSize.map(() => 1),
    padding: kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2),
  };
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

function sitesOf(sorted: readonly Site[], rank: number, batchSize: number): Sites {
  const coordinates = Int32Array.from(sorted.flat());
  return { coordinates, rank, batchSize, stride: Array<number>(rank).fill(1), dispose: () => undefined };
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
