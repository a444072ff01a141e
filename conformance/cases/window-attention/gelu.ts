import * as tf from '@tensorflow/tfjs-core';
import { gelu, type GeluOptions } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { normalShare } from './shared/exact-encoder.js';

interface GeluCase extends GeluOptions {
  readonly shape: readonly number[];
  /** In place of drawn ones. */
  readonly values?: readonly number[];
  /** Of the drawn numbers; default 4. */
  readonly reach?: number;
  readonly seed: number;
}

const unit: TensorOperation<GeluOptions> = {
  op: 'gelu',
  inputs: { x: 'float32' },
  outputs: { y: 'float32' },
  attributes: { approximation: field.optional(field.oneOf('none', 'tanh')) },
  forward: ({ x }, options) => ({ y: gelu(x, options) }),
  define: ({ x }, { approximation = 'none' }) => {
    const share = (value: number) =>
      approximation === 'none'
        ? normalShare(value)
        : 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3)));
    return { y: { shape: x.shape, values: x.values.map((value) => value * share(value)) } };
  },
};

const tolerance = { output: 1e-6, gradient: 4e-6, reason: 'an exponential, a quotient and a polynomial in float32' };

export const operation = defineTensorCases<GeluCase, GeluOptions>(
  unit,
  ({ shape, values, reach = 4, approximation, seed }) => {
    const drawn = drawTensor(shape, seed);
    const x = { shape, values: values ?? drawn.values.map((value) => Math.fround(reach * value)) };
    const isSmooth = x.values.every(Number.isFinite);
    return { tolerance, inputs: { x }, attrs: { approximation }, gradients: isSmooth ? ['x'] : [], seed: seed + 1 };
  },
  (control) => [
    control('none', { shape: [5, 7], seed: 6600 }),
    control.with('tanh', { approximation: 'tanh' }),
    control.with('far-out', { reach: 30 }),
    control.with('far-out-tanh', { reach: 30, approximation: 'tanh' }),
    control.with('one-number', { shape: [1] }),
    control.with('more-than-a-block', { shape: [3, 11, 131] }),
    control.with('no-numbers', { shape: [0, 3] }),
    control.with('nan', { shape: [6], values: [NaN, 0, -0, 1, NaN, 2] }),
    control.with('nan-tanh', { shape: [6], values: [NaN, 0, -0, 1, NaN, 2], approximation: 'tanh' }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'gelu/int32',
    call: () => gelu(tf.tensor1d([1], 'int32')),
    error: 'TypeError: gelu: x must be float32, got int32',
  },
  {
    id: 'gelu/another-approximation',
    call: () => gelu(tf.tensor1d([1]), { approximation: 'erf' as 'none' }),
    error: "RangeError: gelu: approximation must be 'none' or 'tanh', got erf",
  },
];
