import type * as tf from '@tensorflow/tfjs-core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import type { ConvolutionBranchWeights } from '@tfjs-sparse/window-attention';
import { drawTensor, type SourceTensor } from '../../../oracle/tensor-source.js';
import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';
import { normalized, times } from './exact-encoder.js';

/** The operands of a branch with a submanifold convolution of size 3 on every axis. */
export const branchInputs = {
  filter: 'float32',
  filterBias: 'float32',
  linear: 'float32',
  linearBias: 'float32',
  branchScale: 'float32',
  branchOffset: 'float32',
} as const;

export function branchOf(inputs: Readonly<Record<string, tf.Tensor>>): ConvolutionBranchWeights {
  const { filter, filterBias, linear, linearBias, branchScale, branchOffset } = inputs;
  return {
    convolve: (x) =>
      x.withFeatures(submConv(x, filter as tf.Tensor3D, { kernelSize: 3, bias: filterBias as tf.Tensor1D }).features),
    linear: linear as tf.Tensor2D,
    linearBias: linearBias as tf.Tensor1D,
    norm: { scale: branchScale as tf.Tensor1D, offset: branchOffset as tf.Tensor1D },
  };
}

export function drawBranch(
  rank: number,
  channels: number,
  seed: number,
): Record<keyof typeof branchInputs, SourceTensor> {
  return {
    filter: drawTensor([3 ** rank, channels, channels], seed),
    filterBias: drawTensor([channels], seed + 1),
    linear: drawTensor([channels, channels], seed + 2),
    linearBias: drawTensor([channels], seed + 3),
    branchScale: drawTensor([channels], seed + 4),
    branchOffset: drawTensor([channels], seed + 5),
  };
}

/** x plus what the branch makes of it. */
export function exactBranch({ x, coordinates, filter, filterBias, ...weights }: ExactTensors): number[] {
  const convolved = exactConvolution(x, coordinates, filter, filterBias.values);
  const projected = times(convolved, x.shape[0], weights.linear, weights.linearBias);
  const branch = normalized(projected, weights.branchScale.values, weights.branchOffset.values, 1e-5);
  return x.values.map((value, i) => value + branch[i]);
}

/** A convolution that keeps the sites, with a kernel of as many cells on each of three axes. */
export function exactConvolution(
  x: ExactTensor,
  coordinates: ExactTensor,
  filter: ExactTensor,
  bias: readonly number[],
): number[] {
  const [rows, channels] = x.shape;
  const [taps, , filters] = filter.shape;
  const columns = coordinates.shape[1];
  const size = Math.round(taps ** (1 / (columns - 1)));
  const reach = (size - 1) / 2;
  const sites = Array.from({ length: rows }, (_, row) => coordinates.values.slice(row * columns, (row + 1) * columns));
  return sites.flatMap((site) => {
    const sums = bias.slice();
    sites.forEach((other, row) => {
      const steps = other.slice(1).map((value, axis) => value - site[1 + axis]);
      if (other[0] !== site[0] || steps.some((step) => Math.abs(step) > reach)) return;
      const tap = steps.reduce((place, step) => size * place + step + reach, 0);
      for (let from = 0; from < channels; from++)
        for (let to = 0; to < filters; to++)
          sums[to] += x.values[row * channels + from] * filter.values[(tap * channels + from) * filters + to];
    });
    return sums;
  });
}
