import * as tf from '@tensorflow/tfjs-core';
import { layerNorm } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { normalized } from './shared/exact-encoder.js';

interface NormCase {
  readonly shape: readonly number[];
  readonly constant?: number;
  readonly epsilon?: number;
  readonly seed: number;
}

interface NormAttrs {
  readonly epsilon?: number;
}

const norm: TensorOperation<NormAttrs> = {
  op: 'layer-norm',
  inputs: { x: 'float32', scale: 'float32', offset: 'float32' },
  outputs: { y: 'float32' },
  attributes: { epsilon: field.optional(field.number) },
  forward: ({ x, scale, offset }, attrs) => ({ y: layerNorm(x, scale as tf.Tensor1D, offset as tf.Tensor1D, attrs) }),
  define: ({ x, scale, offset }, { epsilon = 1e-5 }) => ({
    y: { shape: x.shape, values: normalized(x.values, scale.values, offset.values, epsilon) },
  }),
};

const tolerance = {
  output: 2e-6,
  gradient: 1e-5,
  reason: 'float32 means of at most 300 numbers, variances near 1 / 3',
};

export const operation = defineTensorCases<NormCase, NormAttrs>(
  norm,
  ({ shape, constant, epsilon, seed }) => {
    const channels = shape[shape.length - 1];
    const x = drawTensor(shape, seed);
    return {
      tolerance,
      inputs: {
        x: constant === undefined ? x : { ...x, values: x.values.map(() => constant) },
        scale: drawTensor([channels], seed + 1),
        offset: drawTensor([channels], seed + 2),
      },
      attrs: epsilon === undefined ? {} : { epsilon },
      gradients: ['x', 'scale', 'offset'],
      seed: seed + 3,
    };
  },
  (control) => [
    control('four-rows-of-8', { shape: [4, 8], seed: 6200 }),
    control.with('one-row', { shape: [1, 8] }),
    control.with('no-rows', { shape: [0, 8] }),
    control.with('two-channels', { shape: [5, 2] }),
    control.with('channels-not-multiple-of-4', { shape: [3, 7] }),
    control.with('three-axes', { shape: [2, 3, 5] }),
    control.with('vector', { shape: [9] }),
    control.with('many-channels', { shape: [2, 70] }),
    control.with('great-epsilon', { epsilon: 10 }),
    control.with('constant', { constant: 0.75, epsilon: 0.1 }),
  ],
);

const ones = (...shape: number[]) => tf.ones(shape);
const vector = (channels = 4) => ones(channels) as tf.Tensor1D;

export const calls: readonly CallCase[] = [
  {
    id: 'layer-norm/other-scale',
    call: () => layerNorm(ones(2, 4), vector(3), vector()),
    error: 'RangeError: layerNorm: scale must be [4] (channels of x), got [3]',
  },
  {
    id: 'layer-norm/integers',
    call: () => layerNorm(ones(2, 4).toInt(), vector(), vector()),
    error: 'TypeError: layerNorm: x must be float32, got int32',
  },
  {
    id: 'layer-norm/negative-epsilon',
    call: () => layerNorm(ones(2, 4), vector(), vector(), { epsilon: -1 }),
    error: 'RangeError: layerNorm: epsilon must be at least 0, got -1',
  },
];
