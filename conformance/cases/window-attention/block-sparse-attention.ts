import * as tf from '@tensorflow/tfjs-core';
import {
  blockLists,
  blockSparseAttention,
  causalMask,
  diagonals,
  headMasks,
  maskUnion,
  sinkTokens,
  slidingWindow,
  strided,
  verticalStripes,
  type AttentionMask,
} from '@tfjs-sparse/window-attention';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { attendedSequence, sequenceGradients, type SequenceAttrs } from './shared/exact-sequence-attention.js';
import { maskField, maskOf, type MaskDescription } from './shared/mask-description.js';
import { peerSequenceAttention } from './shared/peer-sequence-attention.js';

interface SequenceCase extends SequenceAttrs {
  readonly batches: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly channels: number;
  readonly valueChannels: number;
  readonly seed: number;
}

const attention: TensorOperation<SequenceAttrs> = {
  op: 'block-sparse-attention',
  inputs: { q: 'float32', k: 'float32', v: 'float32' },
  outputs: { y: 'float32' },
  attributes: { mask: maskField, scale: field.optional(field.number) },
  forward: ({ q, k, v }, { mask, scale }) => ({
    y: blockSparseAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D, maskOf(mask), { scale }),
  }),
  define: ({ q, k, v }, attrs) => ({ y: attendedSequence({ q, k, v }, attrs) }),
  gradient: ({ y: dy }, { q, k, v }, attrs) => sequenceGradients(dy, { q, k, v }, attrs),
};

export const peers = peerSequenceAttention(attention);

/** Lists of blocks, of which `share` are in a list. */
function drawBlocks(
  [batches, heads, queries, keys]: readonly number[],
  blockQueries: number,
  blockKeys: number,
  share: number,
  seed: number,
): MaskDescription {
  const next = uniformFrom(seed);
  const [rows, columns] = [Math.ceil(queries / blockQueries), Math.ceil(keys / blockKeys)];
  const list = () => Array.from({ length: columns }, (_, block) => block).filter(() => next() < share);
  const lists = Array.from({ length: batches }, () =>
    Array.from({ length: heads }, () => Array.from({ length: rows }, list)),
  );
  return { blocks: { queries: blockQueries, keys: blockKeys, lists } };
}

const window = (left: number, right: number): MaskDescription => ({ window: { left, right } });

export const operation = defineTensorCases<SequenceCase, SequenceAttrs>(
  attention,
  ({ batches, heads, keyHeads, queries, keys, channels, valueChannels, seed, mask, scale }) => ({
    tolerance: {
      output: 2e-6,
      gradient: 1e-5,
      reason: 'float32 exponentials of scores of at most 40 and sums of at most 300 terms',
    },
    inputs: {
      q: drawTensor([batches, heads, queries, channels], seed),
      k: drawTensor([batches, keyHeads, keys, channels], seed + 1),
      v: drawTensor([batches, keyHeads, keys, valueChannels], seed + 2),
    },
    attrs: { mask, ...(scale !== undefined && { scale }) },
    gradients: ['q', 'k', 'v'],
    seed: seed + 3,
  }),
  (control) => [
    control('window-of-5', {
      batches: 1,
      heads: 2,
      keyHeads: 2,
      queries: 20,
      keys: 20,
      channels: 8,
      valueChannels: 8,
      mask: window(4, 0),
      seed: 6100,
    }),
    control.with('no-tokens', { queries: 0, keys: 0 }),
    control.with('no-keys', { keys: 0 }),
    control.with('one-token', { queries: 1, keys: 1 }),
    control.with('window-of-one', { mask: window(0, 0) }),
    control.with('window-wider-than-keys', { mask: window(100, 100) }),
    control.with('window-to-both-sides', { mask: window(3, 5) }),
    control.with('window-dilated', { mask: { window: { left: 9, right: 6, dilation: 3 } } }),
    control.with('window-past-a-chunk', { mask: window(140, 0), queries: 150, keys: 150, heads: 1, keyHeads: 1, channels: 4, valueChannels: 4 }), // prettier-ignore
    control.with('window-past-a-workgroup', { mask: window(17, 2), queries: 131, keys: 131, heads: 1, keyHeads: 1, channels: 4 }), // prettier-ignore
    control.with('one-channel', { channels: 1, valueChannels: 1 }),
    control.with('channels-not-multiple-of-4', { channels: 6, valueChannels: 7 }),
    control.with('other-value-channels', { valueChannels: 12 }),
    control.with('wide-channels', { channels: 130, valueChannels: 66, heads: 1, keyHeads: 1 }),
    control.with('batches', { batches: 3, queries: 9, keys: 9 }),
    control.with('grouped-queries', { heads: 6, keyHeads: 2 }),
    control.with('one-key-head', { heads: 3, keyHeads: 1 }),
    control.with('fewer-queries', { queries: 5, keys: 23 }),
    control.with('more-queries', { queries: 23, keys: 9 }),
    control.with('one-query', { queries: 1, keys: 41, mask: window(18, 0) }),
    control.with('two-queries', { heads: 4, queries: 2, keys: 37, channels: 10, valueChannels: 19, mask: { causal: { stride: 2 } } }), // prettier-ignore
    control.with('stripes', { mask: { stripes: [0, 3, 4, 11, 19, 25] } }),
    control.with('sinks-and-window', { mask: { causal: { union: [{ sinks: 3 }, window(4, 4)] } } }),
    control.with('strided', { mask: { causal: { stride: 5 } } }),
    control.with('strided-and-window', { mask: { causal: { union: [{ stride: 6 }, window(5, 0)] } }, queries: 33, keys: 33 }), // prettier-ignore
    control.with('diagonals', { mask: { diagonals: { offsets: [-7, 2], halfWidth: 1 } } }),
    control.with('globals', { mask: { union: [{ globals: [0, 13] }, window(2, 2)] } }),
    control.with('causal', { mask: { causal: {} } }),
    control.with('causal-past-a-chunk', { mask: { causal: {} }, queries: 137, keys: 137, heads: 1, keyHeads: 1, channels: 4 }), // prettier-ignore
    control.with('causal-fewer-queries', { mask: { causal: {} }, queries: 11, keys: 30 }),
    control.with('blocks', { mask: drawBlocks([1, 1, 20, 20], 4, 4, 0.4, 6150) }),
    control.with('blocks-of-heads', { mask: drawBlocks([1, 2, 20, 20], 8, 8, 0.5, 6151) }),
    control.with('blocks-of-batches', { batches: 2, mask: drawBlocks([2, 2, 20, 20], 5, 3, 0.4, 6152) }),
    control.with('blocks-ragged-causal', { queries: 29, keys: 29, mask: { causal: drawBlocks([1, 1, 29, 29], 8, 8, 0.6, 6153) } }), // prettier-ignore
    control.with('blocks-rectangular', { queries: 18, keys: 33, mask: drawBlocks([1, 1, 18, 33], 6, 6, 0.4, 6154) }),
    control.with('blocks-of-a-workgroup', { queries: 200, keys: 260, heads: 1, keyHeads: 1, channels: 4, mask: drawBlocks([1, 1, 200, 260], 64, 64, 0.5, 6155) }), // prettier-ignore
    control.with('no-blocks', { mask: drawBlocks([1, 1, 20, 20], 4, 4, 0, 6156) }),
    control.with('blocks-of-runs-of-heads', { heads: 4, keyHeads: 2, mask: drawBlocks([1, 2, 20, 20], 4, 4, 0.4, 6157) }), // prettier-ignore
    control.with('masks-of-heads', { mask: { heads: [window(3, 0), { stripes: [1, 2, 9] }] } }),
    control.with('scale', { scale: 2.5 }),
    control.with('negative-scale', { scale: -1 }),
    control.with('great-scores', { scale: 40, channels: 4 }),
  ],
);

const op = 'blockSparseAttention';
const ones = (...shape: [number, number, number, number]): tf.Tensor4D => tf.ones(shape);
const attend = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, mask: AttentionMask, scale?: number) =>
  blockSparseAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D, mask, { scale });
const refusal = (name: string, call: () => unknown, error: string): CallCase => ({
  id: `block-sparse-attention/${name}`,
  call,
  error,
});
const like = () => ones(1, 2, 4, 3);

/** Key and value 2 are seen by queries 2 and 3 alone; nothing of them may reach others, forward or backward. */
async function hiddenNumbers(hidden: number): Promise<void> {
  const shape: [number, number, number, number] = [1, 1, 6, 5];
  const mask = slidingWindow({ left: 1 });
  const results = async (hiddenValue: number | null): Promise<number[]> => {
    const [q, k, v] = [1, 2, 3].map((seed) => {
      const { values } = drawTensor(shape, seed);
      const isChanged = (i: number) => hiddenValue !== null && seed > 1 && i === 2 * shape[3] + 1;
      return tf.tensor4d(values.map((value, i) => (isChanged(i) ? hiddenValue! : value)), shape); // prettier-ignore
    });
    const firstRows = (...[a, b, c]: tf.Tensor[]) =>
      tf.sum(tf.slice(attend(a, b, c, mask), [0, 0, 0, 0], [1, 1, 2, 5]));
    const [, dk] = tf.grads((a, b, c) => firstRows(a, b, c))([q, k, v]);
    const y = await attend(q, k, v, mask).data();
    return [...(await dk.data()).subarray(0, 5), ...y.subarray(0, 10), ...y.subarray(20)];
  };
  const [expected, found] = [await results(null), await results(hidden)];
  const wrong = found.findIndex((value, i) => !(Math.abs(value - expected[i]) < 1e-6)); // sums in another order
  if (wrong >= 0) throw new Error(`got ${found[wrong]} for ${expected[wrong]}`);
}

export const calls: readonly CallCase[] = [
  refusal('rank-3', () => attend(tf.ones([2, 4, 3]), like(), like(), causalMask()), `RangeError: ${op}: q must be [batches, heads, tokens, channels], got [2, 4, 3]`), // prettier-ignore
  refusal('integers', () => attend(like(), like().toInt(), like(), causalMask()), `TypeError: ${op}: k must be float32, got int32`), // prettier-ignore
  refusal('channels-of-k', () => attend(like(), ones(1, 2, 4, 5), like(), causalMask()), `RangeError: ${op}: k must be [1, keyHeads, keys, 3] (as q), got [1, 2, 4, 5]`), // prettier-ignore
  refusal('heads-of-k', () => attend(like(), ones(1, 3, 4, 3), ones(1, 3, 4, 3), causalMask()), `RangeError: ${op}: the heads of k must divide the 2 heads of q, got 3`), // prettier-ignore
  refusal('keys-of-v', () => attend(like(), like(), ones(1, 2, 5, 3), causalMask()), `RangeError: ${op}: v must be [1, 2, 4, valueChannels] (as k), got [1, 2, 5, 3]`), // prettier-ignore
  refusal('scale-infinite', () => attend(like(), like(), like(), causalMask(), Infinity), `RangeError: ${op}: scale must be a finite number, got Infinity`), // prettier-ignore
  refusal('heads-of-mask', () => attend(like(), like(), like(), headMasks([causalMask(), causalMask(), causalMask()])), `RangeError: ${op}: the heads of mask must divide the 2 heads of q, got 3`), // prettier-ignore
  refusal('batches-of-mask', () => attend(like(), like(), like(), blockLists({ blockSize: 4, lists: [[[[0]]], [[[0]]]] })), `RangeError: ${op}: mask must be for 1 or 1 batches (as q), got 2`), // prettier-ignore
  refusal('too-few-lists', () => attend(like(), like(), like(), blockLists({ blockSize: 2, lists: [[0]] })), `RangeError: ${op}: the lists of mask must be 2 (blocks of 2 queries), got 1`), // prettier-ignore
  refusal('block-above', () => attend(like(), like(), like(), blockLists({ blockSize: 2, lists: [[0], [2]] })), `RangeError: ${op}: blocks of mask must be below 2 (blocks of 2 keys), got 2`), // prettier-ignore
  refusal('no-mask', () => attend(like(), like(), like(), {} as AttentionMask), `TypeError: ${op}: mask must be an AttentionMask (slidingWindow, …), got object`), // prettier-ignore
  refusal('window-negative', () => slidingWindow({ left: -1 }), 'RangeError: slidingWindow: left must be an integer of at least 0, got -1'), // prettier-ignore
  refusal('dilation-0', () => slidingWindow({ left: 1, dilation: 0 }), 'RangeError: slidingWindow: dilation must be an integer of at least 1, got 0'), // prettier-ignore
  refusal('stride-0', () => strided({ stride: 0 }), 'RangeError: strided: stride must be an integer of at least 1, got 0'), // prettier-ignore
  refusal('column-negative', () => verticalStripes({ columns: [1, -2] }), 'RangeError: verticalStripes: columns must be integers of at least 0, got [1, -2]'), // prettier-ignore
  refusal('sinks-fraction', () => sinkTokens({ count: 1.5 }), 'RangeError: sinkTokens: count must be an integer of at least 0, got 1.5'), // prettier-ignore
  refusal('offset-fraction', () => diagonals({ offsets: [0.5] }), 'RangeError: diagonals: offsets must be integers, got [0.5]'), // prettier-ignore
  refusal('no-masks', () => maskUnion(), 'RangeError: maskUnion: masks must be at least one, got 0'),
  refusal('block-size-0', () => blockLists({ blockSize: 0, lists: [[0]] }), 'RangeError: blockLists: blockSize must be an integer of at least 1, got 0'), // prettier-ignore
  refusal('block-negative', () => blockLists({ blockSize: 1, lists: [[-1]] }), 'RangeError: blockLists: lists must name blocks by integers of at least 0, got -1'), // prettier-ignore
  refusal('uneven-heads', () => blockLists({ blockSize: 1, lists: [[[0], [0]], [[0]]] }), 'RangeError: blockLists: lists must be 2 a head, got 1'), // prettier-ignore
  { id: 'block-sparse-attention/nan-hidden', call: () => hiddenNumbers(NaN), error: null },
  { id: 'block-sparse-attention/infinity-hidden', call: () => hiddenNumbers(Infinity), error: null },
];
