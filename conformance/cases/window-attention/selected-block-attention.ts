import * as tf from '@tensorflow/tfjs-core';
import type { SafetensorsTensor } from '@tfjs-sparse/core';
import { selectedBlockAttention } from '@tfjs-sparse/window-attention';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor, type SourceTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { attendedSequence, sequenceGradients } from './shared/exact-sequence-attention.js';
import { inHeads } from './shared/in-heads.js';
import type { MaskDescription } from './shared/mask-description.js';
import { attributesOf, int32Tensor, integersOf } from './shared/peer-tables.js';

interface SelectedAttrs {
  readonly queryBlock: number;
  readonly keyBlock: number;
  readonly causal: boolean;
  readonly scale?: number;
}

interface SelectedCase extends SelectedAttrs {
  readonly batches: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly lists: number;
  readonly queries: number;
  readonly keys: number;
  readonly channels: number;
  readonly valueChannels: number;
  /** Of the blocks, and of the places of a list that name one. */
  readonly width: number;
  readonly share: number;
  readonly seed: number;
}

/** The same blocks as a mask. */
function maskOf({ shape, values }: ExactTensor, { queryBlock, keyBlock, causal }: SelectedAttrs): MaskDescription {
  const [batches, heads, rows, width] = shape;
  const listOf = (row: number) => values.slice(row * width, (row + 1) * width).filter((block) => block >= 0);
  const lists = Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: heads }, (_, head) =>
      Array.from({ length: rows }, (_, row) => listOf((batch * heads + head) * rows + row)),
    ),
  );
  const mask: MaskDescription = { blocks: { queries: queryBlock, keys: keyBlock, lists } };
  return causal ? { causal: mask } : mask;
}

const attention: TensorOperation<SelectedAttrs> = {
  op: 'selected-block-attention',
  inputs: { q: 'float32', k: 'float32', v: 'float32', blocks: 'int32' },
  outputs: { y: 'float32' },
  attributes: {
    queryBlock: field.number,
    keyBlock: field.number,
    causal: field.flag,
    scale: field.optional(field.number),
  },
  forward: (inputs, { queryBlock, keyBlock, causal, scale }) => {
    const [q, k, v, blocks] = ['q', 'k', 'v', 'blocks'].map((name) => inputs[name] as tf.Tensor4D);
    const blockSize = { queries: queryBlock, keys: keyBlock };
    return { y: selectedBlockAttention(q, k, v, blocks, { blockSize, causal, scale }) };
  },
  define: ({ q, k, v, blocks }, attrs) => ({
    y: attendedSequence({ q, k, v }, { mask: maskOf(blocks, attrs), scale: attrs.scale }),
  }),
  gradient: ({ y: dy }, { q, k, v, blocks }, attrs) =>
    sequenceGradients(dy, { q, k, v }, { mask: maskOf(blocks, attrs), scale: attrs.scale }),
};

/** Different blocks in random order, the rest of each list -1. */
function drawBlocks(shape: readonly number[], count: number, share: number, seed: number): SourceTensor {
  const next = uniformFrom(seed);
  const width = shape[3];
  const rows = shape[0] * shape[1] * shape[2];
  const values = Array.from({ length: rows }, () => {
    const all = Array.from({ length: count }, (_, block) => ({ block, key: next() }));
    const chosen = all.sort((a, b) => a.key - b.key).map(({ block }) => block); // prettier-ignore
    return Array.from({ length: width }, (_, i) => (i < chosen.length && next() < share ? chosen[i] : -1));
  });
  return { shape, values: values.flat(), dtype: 'int32' };
}

export const operation = defineTensorCases<SelectedCase, SelectedAttrs>(
  attention,
  (source) => {
    const { batches, heads, keyHeads, lists, queries, keys, channels, valueChannels, seed } = source;
    const { queryBlock, keyBlock, causal, scale, width, share } = source;
    const shape = [batches, lists, Math.ceil(queries / queryBlock), width];
    return {
      tolerance: {
        output: 2e-6,
        gradient: 1e-5,
        reason: 'float32 exponentials of scores of at most 40 and sums of at most 300 terms',
      },
      inputs: {
        q: drawTensor([batches, heads, queries, channels], seed),
        k: drawTensor([batches, keyHeads, keys, channels], seed + 1),
        v: drawTensor([batches, keyHeads, keys, valueChannels], seed + 2),
        blocks: drawBlocks(shape, Math.ceil(keys / keyBlock), share, seed + 3),
      },
      attrs: { queryBlock, keyBlock, causal, ...(scale !== undefined && { scale }) },
      gradients: ['q', 'k', 'v'],
      seed: seed + 4,
    };
  },
  (control) => [
    control('blocks-of-8', {
      batches: 1,
      heads: 2,
      keyHeads: 2,
      lists: 2,
      queries: 32,
      keys: 32,
      channels: 8,
      valueChannels: 8,
      queryBlock: 8,
      keyBlock: 8,
      causal: false,
      width: 2,
      share: 1,
      seed: 6300,
    }),
    control.with('causal', { causal: true }),
    control.with('ragged', { queries: 29, keys: 27 }),
    control.with('ragged-causal', { queries: 29, keys: 29, causal: true, width: 3 }),
    control.with('fewer-queries-causal', { queries: 11, keys: 30, causal: true, width: 3 }),
    control.with('more-queries-causal', { queries: 30, keys: 11, causal: true }),
    control.with('list-a-query', { queryBlock: 1 }),
    control.with('list-a-query-causal', { queryBlock: 1, causal: true, keyBlock: 4, width: 5 }),
    control.with('blocks-of-3', { queryBlock: 3, keyBlock: 3, width: 6 }),
    control.with('blocks-of-5-causal', { queryBlock: 5, keyBlock: 5, width: 4, causal: true }),
    control.with('blocks-of-6-and-8', { queryBlock: 6, keyBlock: 8 }),
    control.with('lists-with-gaps', { share: 0.6, width: 4 }),
    control.with('empty-lists', { share: 0 }),
    control.with('no-places', { width: 0 }),
    control.with('no-tokens', { queries: 0, keys: 0 }),
    control.with('one-list', { lists: 1 }),
    control.with('grouped-queries', { heads: 6, keyHeads: 2, lists: 2 }),
    control.with('list-a-head', { heads: 6, keyHeads: 3, lists: 6 }),
    control.with('batches', { batches: 2 }),
    control.with('other-value-channels', { channels: 6, valueChannels: 13 }),
    control.with('past-a-group', { queries: 150, keys: 150, heads: 1, keyHeads: 1, lists: 1, channels: 4, valueChannels: 4, keyBlock: 16, width: 4 }), // prettier-ignore
    control.with('past-a-chunk', { queries: 16, keys: 600, heads: 1, keyHeads: 1, lists: 1, channels: 4, valueChannels: 4, keyBlock: 64, width: 4 }), // prettier-ignore
    control.with('one-query', { queries: 1, keys: 64, causal: true, width: 3 }),
    control.with('scale', { scale: 2.5 }),
  ],
);

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' };

interface PeerAttributes {
  readonly pattern?: string;
  readonly query_block: number;
  readonly key_block: number;
  readonly causal: boolean;
  readonly scale: number;
  readonly block_size: number;
  readonly n_heads: number;
  readonly first_sparse_step: number;
}

/** Lists of blocks as tensors, and the sparse step of SparseD with the blocks that it chose. */
export const peers: PeerReader = (file) => {
  if (!file.metadata.has('attributes')) return null;
  const attributes = attributesOf<PeerAttributes>(file);
  const isSparseD = file.metadata.get('source') === 'INV-WZQ/SparseD' && 'first_sparse_step' in attributes;
  if (attributes.pattern !== 'selected_blocks' && !isSparseD) return null;
  const tensor = (name: string): SafetensorsTensor => {
    const found = file.tensors.get(name)!;
    return isSparseD ? inHeads(found, attributes.n_heads) : found;
  };
  const operands = (prefix: string) =>
    Object.fromEntries(['q', 'k', 'v'].map((name) => [name, tensor(`${prefix}.${name}`)]));
  const { query_block, key_block, causal, scale, block_size: size } = attributes;
  return [
    {
      operation: attention,
      attrs: isSparseD
        ? { queryBlock: size, keyBlock: size, causal: false }
        : { queryBlock: query_block, keyBlock: key_block, causal, scale },
      inputs: { ...operands('in'), blocks: isSparseD ? keptBlocks(file.tensors.get('out.block_mask')!) : file.tensors.get('idx.block_indices')! }, // prettier-ignore
      outputs: { y: tensor('out.y') },
      cotangents: { y: tensor('gout.y') },
      gradients: operands('grad'),
      tolerance,
    },
  ];

  function keptBlocks({ shape }: SafetensorsTensor): SafetensorsTensor {
    const mask = integersOf(file, 'out.block_mask');
    const width = shape[3];
    return int32Tensor(mask.map((isKept, i) => (isKept ? i % width : -1)), shape); // prettier-ignore
  }
};

const like = () => tf.ones([1, 2, 8, 3]) as tf.Tensor4D;
const refusal = (name: string, blocks: () => tf.Tensor, blockSize: number, error: string): CallCase => ({
  id: `selected-block-attention/${name}`,
  call: () => selectedBlockAttention(like(), like(), like(), blocks() as tf.Tensor4D, { blockSize }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('float-blocks', () => tf.zeros([1, 2, 2, 1]), 4, 'TypeError: selectedBlockAttention: blocks must be int32, got float32'), // prettier-ignore
  refusal('rows-of-blocks', () => tf.zeros([1, 2, 3, 1], 'int32'), 4, 'RangeError: selectedBlockAttention: blocks must be [1, lists, 2, width] (blocks of queries), got [1, 2, 3, 1]'), // prettier-ignore
  refusal('lists-3-of-2', () => tf.zeros([1, 3, 2, 1], 'int32'), 4, 'RangeError: selectedBlockAttention: the lists of blocks must divide the 2 heads of q, got 3'), // prettier-ignore
  refusal('block-size-0', () => tf.zeros([1, 2, 2, 1], 'int32'), 0, 'RangeError: selectedBlockAttention: blockSize must be an integer of at least 1, got 0'), // prettier-ignore
];
