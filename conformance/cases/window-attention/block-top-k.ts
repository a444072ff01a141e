import * as tf from '@tensorflow/tfjs-core';
import { blockTopK, topForSparsity } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { attributesOf, int32Tensor, integersOf, isCaseOf } from './shared/peer-tables.js';

interface TopAttrs {
  readonly queryBlock: number;
  readonly keyBlock: number;
  readonly top: number;
}

interface TopCase extends TopAttrs {
  readonly batches: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly seed: number;
}

const channels = 6;

const selection: TensorOperation<TopAttrs> = {
  op: 'block-top-k',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { blocks: 'int32' },
  attributes: { queryBlock: field.number, keyBlock: field.number, top: field.number },
  forward: ({ q, k }, { queryBlock, keyBlock, top }) => {
    const blockSize = { queries: queryBlock, keys: keyBlock };
    return { blocks: blockTopK(q as tf.Tensor4D, k as tf.Tensor4D, { blockSize, top }) };
  },
  define({ q, k }, { queryBlock, keyBlock, top }) {
    const [batches, heads, queries] = q.shape;
    const [, keyHeads, keys] = k.shape;
    const rows = Math.ceil(queries / queryBlock);
    const lists: number[] = [];
    for (let list = 0; list < batches * heads * rows; list++) {
      const [row, matrix] = [list % rows, Math.floor(list / rows)];
      const keyMatrix = Math.floor(matrix / heads) * keyHeads + Math.floor(((matrix % heads) * keyHeads) / heads);
      const mean = blockMean(q, matrix, row, queryBlock);
      const own = Math.floor(((row + 1) * queryBlock - 1 + keys - queries) / keyBlock);
      const past = Array.from({ length: Math.min(own + 1, Math.ceil(keys / keyBlock)) }, (_, block) => {
        const ofKeys = blockMean(k, keyMatrix, block, keyBlock);
        const isForced = block === 0 || block >= own - 1;
        return { block, score: isForced ? Infinity : mean.reduce((sum, value, i) => sum + value * ofKeys[i], 0) };
      });
      past.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score));
      const chosen = past.slice(0, top).map(({ block }) => block).sort((a, b) => a - b); // prettier-ignore
      for (let i = 0; i < top; i++) lists.push(chosen[i] ?? -1);
    }
    return { blocks: { shape: [batches, heads, rows, top], values: lists } };
  },
};

function blockMean({ shape, values }: ExactTensor, matrix: number, block: number, size: number): number[] {
  const [, , tokens, width] = shape;
  const count = Math.min(size, tokens - block * size);
  const first = matrix * tokens + block * size;
  return Array.from({ length: width }, (_, channel) => {
    const column = Array.from({ length: count }, (_, i) => values[(first + i) * width + channel]);
    return column.reduce((sum, value) => sum + value, 0) / count;
  });
}

const tolerance = { output: 0, gradient: 0, reason: 'blocks are right or wrong' };

export const operation = defineTensorCases<TopCase, TopAttrs>(
  selection,
  ({ batches, heads, keyHeads, queries, keys, seed, ...attrs }) => ({
    tolerance,
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
      top: 4,
      seed: 6600,
    }),
    control.with('least', { top: 3 }),
    control.with('all-blocks', { top: 8 }),
    control.with('ragged', { queries: 30, keys: 30 }),
    control.with('fewer-queries', { queries: 10, keys: 30 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('batches', { batches: 2 }),
    control.with('blocks-of-8-and-4', { queryBlock: 8, top: 5 }),
    control.with('one-query', { queries: 1, queryBlock: 1, top: 5 }),
    control.with('two-blocks', { queries: 8, keys: 8, top: 2 }),
  ],
);

/** Entries of rows with fewer past blocks than asked for name later blocks there: dropped. */
export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'PiotrNawrot/sparse-frontier', 'block_top_k')) return null;
  const { block, top_blocks: top } = attributesOf<{ block: number; top_blocks: number }>(file);
  const { shape } = file.tensors.get('idx.blocks')!;
  const listed = integersOf(file, 'idx.blocks');
  const rows = Array.from({ length: listed.length / top }, (_, row) => {
    const past = listed.slice(row * top, (row + 1) * top).filter((entry) => entry <= row % shape[2]);
    return Array.from({ length: top }, (_, i) => past[i] ?? -1);
  });
  const [q, k] = ['q', 'k'].map((name) => file.tensors.get(`in.${name}`)!);
  const attrs: TopAttrs = { queryBlock: block, keyBlock: block, top };
  return [
    { operation: selection, attrs, inputs: { q, k }, outputs: { blocks: int32Tensor(rows.flat(), shape) }, tolerance },
  ];
};

const like = () => tf.ones([1, 1, 32, 2]) as tf.Tensor4D;

export const calls: readonly CallCase[] = [
  {
    id: 'block-top-k/top-below',
    call: () => blockTopK(like(), like(), { blockSize: 4, top: 2 }),
    error: 'RangeError: blockTopK: top must be an integer from 3 to 8 (blocks of keys), got 2',
  },
  {
    id: 'block-top-k/top-above',
    call: () => blockTopK(like(), like(), { blockSize: 4, top: 9 }),
    error: 'RangeError: blockTopK: top must be an integer from 3 to 8 (blocks of keys), got 9',
  },
  {
    id: 'block-top-k/sparsity-of-all',
    call: () => topForSparsity(1, 8),
    error: 'RangeError: topForSparsity: sparsity must be from 0 to below 1, got 1',
  },
];
