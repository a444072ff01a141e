import * as tf from '@tensorflow/tfjs-core';
import { gatherTokens } from '@tfjs-sparse/window-attention';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface GatherCase {
  readonly batches: number;
  readonly heads: number;
  readonly tokens: number;
  readonly channels: number;
  readonly kept: number;
  readonly absent?: boolean;
  readonly seed: number;
}

const gathering: TensorOperation<object> = {
  op: 'gather-tokens',
  inputs: { x: 'float32', tokens: 'int32' },
  outputs: { kept: 'float32' },
  attributes: {},
  forward: ({ x, tokens }) => ({ kept: gatherTokens(x as tf.Tensor4D, tokens as tf.Tensor3D) }),
  define({ x, tokens }) {
    const width = x.shape[3];
    const values = new Array<number>(tokens.values.length * width).fill(0);
    tokens.values.forEach((token, row) => {
      const from = Math.floor(row / tokens.shape[2]) * x.shape[2] + token;
      if (token >= 0) for (let i = 0; i < width; i++) values[row * width + i] = x.values[from * width + i];
    });
    return { kept: { shape: [...tokens.shape, width], values } };
  },
};

export const operation = defineTensorCases<GatherCase, object>(
  gathering,
  ({ batches, heads, tokens, channels, kept, absent = false, seed }) => {
    const next = uniformFrom(seed + 1);
    const values = Array.from({ length: batches * heads * kept }, (_, i) =>
      absent && i % 3 === 1 ? -1 : Math.floor(next() * tokens),
    );
    return {
      tolerance: { output: 0, gradient: 0, reason: 'rows are copied' },
      inputs: {
        x: drawTensor([batches, heads, tokens, channels], seed),
        tokens: { shape: [batches, heads, kept], values, dtype: 'int32' as const },
      },
      seed: seed + 2,
    };
  },
  (control) => [
    control('five-of-9', { batches: 2, heads: 2, tokens: 9, channels: 4, kept: 5, seed: 6790 }),
    control.with('some-absent', { absent: true }),
    control.with('more-than-there-are', { kept: 20 }),
    control.with('one-channel', { channels: 1 }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'gather-tokens/other-heads',
    call: () => gatherTokens(tf.ones([1, 2, 8, 3]), tf.zeros([1, 1, 4], 'int32')),
    error: 'RangeError: gatherTokens: tokens must be [1, 2, kept] (batches and heads of x), got [1, 1, 4]',
  },
  {
    id: 'gather-tokens/float-tokens',
    call: () => gatherTokens(tf.ones([1, 2, 8, 3]), tf.zeros([1, 2, 4])),
    error: 'TypeError: gatherTokens: tokens must be int32, got float32',
  },
];
