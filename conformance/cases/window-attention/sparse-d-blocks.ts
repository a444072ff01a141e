import * as tf from '@tensorflow/tfjs-core';
import { sparseDBlocks } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { greatestPlaces } from './shared/exact-recent.js';
import { peerSparseD } from './shared/peer-sparse-d.js';

interface SelectAttrs {
  readonly queryBlock: number;
  readonly keyBlock: number;
  readonly select: number;
  readonly promptBlocks?: number;
  readonly scale?: number;
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

function countOf(blocks: number, select: number): number {
  return Math.min(blocks, Math.floor(blocks * select) + 1);
}

function widthOf(
  count: number,
  { select, promptBlocks = count }: Pick<SelectAttrs, 'select' | 'promptBlocks'>,
): number {
  return countOf(count, select) + (promptBlocks < count ? countOf(count - promptBlocks, select) : 0);
}

const selection: TensorOperation<SelectAttrs> = {
  op: 'sparse-d-blocks',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { blocks: 'int32' },
  attributes: {
    queryBlock: field.number,
    keyBlock: field.number,
    select: field.number,
    promptBlocks: field.optional(field.number),
    scale: field.optional(field.number),
  },
  forward: ({ q, k }, { queryBlock, keyBlock, ...options }) => {
    const blockSize = { queries: queryBlock, keys: keyBlock };
    return { blocks: sparseDBlocks(q as tf.Tensor4D, k as tf.Tensor4D, { blockSize, ...options }) };
  },
  define({ q, k }, attrs) {
    const [batches, heads, queries] = q.shape;
    const [, keyHeads, keys] = k.shape;
    const { queryBlock, keyBlock, select } = attrs;
    const [rows, count] = [Math.ceil(queries / queryBlock), Math.ceil(keys / keyBlock)];
    const { promptBlocks = count } = attrs;
    const width = widthOf(count, attrs);
    const values: number[] = [];
    for (let list = 0; list < batches * heads * rows; list++) {
      const [row, matrix] = [list % rows, Math.floor(list / rows)];
      const keyMatrix = Math.floor(matrix / heads) * keyHeads + Math.floor(((matrix % heads) * keyHeads) / heads);
      const sumsOf = (firstBlock: number) => {
        const sums = new Array<number>(count - firstBlock).fill(0);
        for (let query = row * queryBlock; query < Math.min(queries, (row + 1) * queryBlock); query++) {
          const first = firstBlock * keyBlock;
          const scale = attrs.scale ?? channels ** -0.5;
          sharesOf(q, matrix * queries + query, k, keyMatrix, first, scale).forEach((share, key) => {
            sums[Math.floor(key / keyBlock)] += share;
          });
        }
        return sums;
      };
      const ofPrompt = greatestPlaces(sumsOf(0), countOf(count, select)).filter((block) => block < promptBlocks);
      const ofGenerated = greatestPlaces(sumsOf(promptBlocks), countOf(count - promptBlocks, select));
      const chosen = [...ofPrompt, ...ofGenerated.map((block) => block + promptBlocks)];
      for (let i = 0; i < width; i++) values.push(chosen[i] ?? -1);
    }
    return { blocks: { shape: [batches, heads, rows, width], values } };
  },
};

/** Softmax of a query's products with the keys of a matrix from the first on. */
function sharesOf(q: ExactTensor, row: number, k: ExactTensor, matrix: number, first: number, scale: number): number[] {
  const [keys, width] = k.shape.slice(2);
  const powers = Array.from({ length: keys - first }, (_, key) => {
    const keyRow = matrix * keys + first + key;
    let product = 0;
    for (let i = 0; i < width; i++) product += q.values[row * width + i] * k.values[keyRow * width + i];
    return Math.exp(product * scale);
  });
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

const tolerance = { output: 0, gradient: 0, reason: 'blocks are right or wrong' };

export const operation = defineTensorCases<SelectCase, SelectAttrs>(
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
    control('third-of-8-blocks', {
      batches: 1,
      heads: 2,
      keyHeads: 2,
      queries: 32,
      keys: 32,
      queryBlock: 4,
      keyBlock: 4,
      select: 0.3,
      seed: 6800,
    }),
    control.with('one-block', { select: 0 }),
    control.with('all-blocks', { select: 1 }),
    control.with('prompt-of-5-blocks', { promptBlocks: 5 }),
    control.with('all-generated', { promptBlocks: 0 }),
    control.with('all-prompt', { promptBlocks: 8 }),
    control.with('ragged', { queries: 30, keys: 27, promptBlocks: 4 }),
    control.with('blocks-of-3-and-8', { queryBlock: 3, keyBlock: 8 }),
    control.with('past-a-part', { heads: 1, keyHeads: 1, queries: 530, queryBlock: 128 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('batches', { batches: 2 }),
    control.with('scale', { scale: 4 }),
  ],
);

export const peers = peerSparseD(selection, widthOf, tolerance);

const like = () => tf.ones([1, 1, 8, 2]) as tf.Tensor4D;

export const calls: readonly CallCase[] = [
  {
    id: 'sparse-d-blocks/select-above',
    call: () => sparseDBlocks(like(), like(), { blockSize: 4, select: 2 }),
    error: 'RangeError: sparseDBlocks: select must be from 0 to 1, got 2',
  },
  {
    id: 'sparse-d-blocks/prompt-above',
    call: () => sparseDBlocks(like(), like(), { blockSize: 4, select: 0.5, promptBlocks: 3 }),
    error: 'RangeError: sparseDBlocks: promptBlocks must be an integer from 0 to 2 (blocks of keys), got 3',
  },
];
