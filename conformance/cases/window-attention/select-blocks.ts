import * as tf from '@tensorflow/tfjs-core';
import { selectBlocks } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface SelectAttrs {
  readonly queryBlock: number;
  readonly keyBlock: number;
  readonly top: number;
  readonly causal: boolean;
}

interface SelectCase extends SelectAttrs {
  readonly batches: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly seed: number;
}

const channels = 6;

/** The mean of the rows of tokens `first` to `end` of matrices. */
function meanOf({ shape, values }: ExactTensor, matrices: readonly number[], first: number, end: number): number[] {
  const rows = matrices.flatMap((matrix) =>
    Array.from({ length: Math.min(end, shape[2]) - first }, (_, i) => matrix * shape[2] + first + i),
  );
  return Array.from({ length: channels }, (_, channel) => {
    return rows.reduce((sum, row) => sum + values[row * channels + channel], 0) / rows.length;
  });
}

const selection: TensorOperation<SelectAttrs> = {
  op: 'select-blocks',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { blocks: 'int32' },
  attributes: { queryBlock: field.number, keyBlock: field.number, top: field.number, causal: field.flag },
  forward: ({ q, k }, { queryBlock, keyBlock, top, causal }) => {
    const blockSize = { queries: queryBlock, keys: keyBlock };
    return { blocks: selectBlocks(q as tf.Tensor4D, k as tf.Tensor4D, { blockSize, top, causal }) };
  },
  define({ q, k }, { queryBlock, keyBlock, top, causal }) {
    const [batches, heads, queries] = q.shape;
    const [, keyHeads, keys] = k.shape;
    const [rows, count] = [Math.ceil(queries / queryBlock), Math.ceil(keys / keyBlock)];
    const lists: number[] = [];
    for (let list = 0; list < batches * keyHeads * rows; list++) {
      const [row, keyHead] = [list % rows, Math.floor(list / rows)];
      const group = Array.from({ length: heads / keyHeads }, (_, i) => keyHead * (heads / keyHeads) + i);
      const mean = meanOf(q, group, row * queryBlock, (row + 1) * queryBlock);
      const own = Math.floor(((row + 1) * queryBlock - 1 + keys - queries) / keyBlock);
      const scored = Array.from({ length: count }, (_, block) => {
        const ofKeys = meanOf(k, [keyHead], block * keyBlock, (block + 1) * keyBlock);
        const score = mean.reduce((sum, value, i) => sum + value * ofKeys[i], 0);
        return { block, score, isForced: causal && (block === 0 || block >= own - 1), counts: !causal || block <= own };
      }).filter(({ counts }) => counts);
      const forced = scored.filter(({ isForced }) => isForced);
      const rest = scored.filter(({ isForced }) => !isForced).sort((a, b) => b.score - a.score);
      const chosen = [...forced, ...rest].map(({ block }) => block);
      for (let i = 0; i < top; i++) lists.push(chosen[i] ?? -1);
    }
    return { blocks: { shape: [batches, keyHeads, rows, top], values: lists } };
  },
};

export const operation = defineTensorCases<SelectCase, SelectAttrs>(
  selection,
  ({ batches, heads, keyHeads, queries, keys, seed, ...attrs }) => ({
    tolerance: { output: 0, gradient: 0, reason: 'blocks are right or wrong' },
    inputs: {
      q: drawTensor([batches, heads, queries, channels], seed),
      k: drawTensor([batches, keyHeads, keys, channels], seed + 1),
    },
    attrs,
    seed: seed + 2,
  }),
  (control) => [
    control('blocks-of-4', {
      batches: 1,
      heads: 2,
      keyHeads: 2,
      queries: 32,
      keys: 32,
      queryBlock: 4,
      keyBlock: 4,
      top: 3,
      causal: false,
      seed: 6500,
    }),
    control.with('causal', { causal: true, top: 4 }),
    control.with('all-blocks', { top: 8 }),
    control.with('ragged', { queries: 30, keys: 27 }),
    control.with('ragged-causal', { queries: 30, keys: 30, causal: true, top: 4 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('batches', { batches: 2 }),
    control.with('blocks-of-8-and-4', { queryBlock: 8 }),
    control.with('one-query', { queries: 1, queryBlock: 1, causal: true, top: 5 }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'select-blocks/top-above',
    call: () => {
      const x = tf.ones([1, 1, 8, 2]) as tf.Tensor4D;
      return selectBlocks(x, x, { blockSize: 4, top: 3 });
    },
    error: 'RangeError: selectBlocks: top must be an integer from 1 to 2 (blocks of keys), got 3',
  },
];
