import * as tf from '@tensorflow/tfjs-core';
import { CoordinateMap } from '@tfjs-sparse/core';
import { setDotProductAttention, siteSets, type SetDotProductAttentionOptions } from '@tfjs-sparse/window-attention';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { drawSets, type SetsCase } from './shared/draw-sets.js';
import { attended, forEachSoftmax, type AttentionAttrs } from './shared/exact-attention.js';

interface AttentionCase extends SetsCase {
  readonly heads: number;
  readonly channels: number;
  readonly scale?: number;
  readonly bound?: number;
  readonly axes?: number;
  readonly given?: Readonly<Partial<Record<'q' | 'k' | 'v', Readonly<Record<number, number>>>>>;
  readonly seed: number;
}

const tolerance = {
  output: 2e-6,
  gradient: 1e-5,
  reason: 'float32 exponentials of scores of at most 40 and sums of at most 300 terms',
};

const attention: TensorOperation<AttentionAttrs> = {
  op: 'set-dot-product-attention',
  inputs: { q: 'float32', k: 'float32', v: 'float32', bias: 'float32' },
  optional: ['bias'],
  outputs: { y: 'float32' },
  attributes: {
    sets: field.listOf(field.numbers),
    isKey: field.optional(field.listOf(field.listOf(field.flag))),
    heads: field.number,
    scale: field.optional(field.number),
    coordinates: field.optional(field.numbers),
  },
  forward({ q, k, v, bias }, { sets, isKey, heads, scale, coordinates = [] }) {
    const siteCount = q.shape[0];
    const own = siteSets({ siteCount, sets, isKey });
    const rank = coordinates.length / siteCount;
    const rows = Array.from({ length: siteCount }, (_, site) => [
      0,
      ...coordinates.slice(site * rank, (site + 1) * rank),
    ]);
    const map = bias && CoordinateMap.fromCoordinates(rows.flat(), rank).map; // the sites are drawn in order
    const options = { heads, scale, bias: map && { table: bias as tf.Tensor2D, map } };
    return { y: setDotProductAttention(q as tf.Tensor2D, k as tf.Tensor2D, v as tf.Tensor2D, own, options) };
  },
  define: ({ q, k, v, bias }, attrs) => ({ y: { shape: q.shape, values: attended({ q, k, v, bias }, attrs) } }),
  gradient({ y: dy }, { q, k, v, bias }, attrs) {
    const [dq, dk, dv] = [q, k, v].map(({ values }) => values.map(() => 0));
    const dbias = bias?.values.map(() => 0) ?? [];
    const channels = q.shape[1] / attrs.heads;
    const scale = attrs.scale ?? 1 / Math.sqrt(channels);
    forEachSoftmax({ q, k, v, bias }, attrs, ({ at, keys, shares, biasPlaces }) => {
      const ofShares = keys.map((key) => {
        let sum = 0;
        for (let channel = 0; channel < channels; channel++) sum += dy.values[at + channel] * v.values[key + channel];
        return sum;
      });
      const mean = shares.reduce((sum, share, i) => sum + share * ofShares[i], 0);
      keys.forEach((key, i) => {
        const ofScore = shares[i] * (ofShares[i] - mean); // the softmax' Jacobian
        for (const place of biasPlaces[i]) dbias[place] += ofScore;
        for (let channel = 0; channel < channels; channel++) {
          dq[at + channel] += scale * ofScore * k.values[key + channel];
          dk[key + channel] += scale * ofScore * q.values[at + channel];
          dv[key + channel] += shares[i] * dy.values[at + channel];
        }
      });
    });
    return { q: dq, k: dk, v: dv, ...(bias && { bias: dbias }) };
  },
};

/** Different sites of a cube, in the order of a map. */
function drawCoordinates(sites: number, axes: number, seed: number): number[] {
  const next = uniformFrom(seed);
  const side = Math.ceil((3 * sites) ** (1 / axes)) + 1;
  const chosen = new Set<number>();
  while (chosen.size < sites) chosen.add(Math.floor(next() * side ** axes));
  const sorted = [...chosen].sort((a, b) => a - b);
  return sorted.flatMap((index) =>
    Array.from({ length: axes }, (_, axis) => Math.floor(index / side ** (axes - 1 - axis)) % side),
  );
}

export const operation = defineTensorCases<AttentionCase, AttentionAttrs>(
  attention,
  (source) => {
    const { sizes, heads, channels, scale, bound, axes = 3, given = {}, seed } = source;
    const siteCount = sizes.reduce((sum, size) => sum + size, 0);
    const draw = (name: 'q' | 'k' | 'v', step: number) => {
      const drawn = drawTensor([siteCount, heads * channels], seed + step);
      return { ...drawn, values: drawn.values.map((value, i) => given[name]?.[i] ?? value) };
    };
    const hasBias = bound !== undefined;
    return {
      tolerance,
      inputs: {
        q: draw('q', 1),
        k: draw('k', 2),
        v: draw('v', 3),
        ...(hasBias && { bias: drawTensor([axes * (2 * bound + 1), heads], seed + 4) }),
      },
      attrs: {
        ...drawSets(source),
        heads,
        ...(scale !== undefined && { scale }),
        ...(hasBias && { coordinates: drawCoordinates(siteCount, axes, seed + 5) }),
      },
      gradients: ['q', 'k', 'v', ...(hasBias ? ['bias'] : [])],
      seed: seed + 6,
    };
  },
  (control) => [
    control('sets-of-5', { sizes: [5, 5, 5], heads: 2, channels: 8, seed: 5900 }),
    control.with('no-sets', { sizes: [] }),
    control.with('one-site', { sizes: [1] }),
    control.with('sets-of-one', { sizes: [1, 1, 1] }),
    control.with('one-head', { heads: 1 }),
    control.with('one-channel', { channels: 1 }),
    control.with('channels-not-multiple-of-4', { channels: 6 }),
    control.with('channels-of-a-cell', { channels: 18, heads: 1 }),
    control.with('uneven-sets', { sizes: [3, 0, 9, 17, 1] }),
    control.with('a-panel-and-one', { sizes: [8, 9, 16, 17] }),
    control.with('more-than-a-workgroup', { sizes: [65, 64, 3], channels: 4 }),
    control.with('more-than-a-chunk', { sizes: [129, 128], channels: 3, heads: 1 }),
    control.with('borrowed-keys', { borrowed: 3 }),
    control.with('slots-that-are-no-keys', { sizes: [9, 12], masked: 0.4 }),
    control.with('no-keys', { sizes: [4, 3], masked: 1 }),
    control.with('scale', { scale: 2.5 }),
    control.with('scale-0', { scale: 0 }),
    control.with('negative-scale', { scale: -1 }),
    control.with('great-scores', { scale: 40, channels: 4 }),
    control.with('bias', { bound: 2 }),
    control.with('bias-bound-0', { bound: 0 }),
    control.with('bias-wide', { bound: 9, sizes: [20, 31], borrowed: 4 }),
    control.with('bias-one-axis', { bound: 3, axes: 1, sizes: [12] }),
    control.with('bias-more-than-a-chunk', { bound: 2, sizes: [140], heads: 1, channels: 4 }),
    control.with('bias-slots-that-are-no-keys', { bound: 2, sizes: [9, 12], masked: 0.4 }),
    control.with('wide-heads', { sizes: [10], heads: 1, channels: 130 }),
  ],
);

const ones = (rows = 4, columns = 6) => tf.ones([rows, columns]) as tf.Tensor2D;
const sets = siteSets({ siteCount: 4, sets: [[0, 1], [2, 3]] }); // prettier-ignore
const map = CoordinateMap.fromCoordinates([0, 0, 0, 1, 0, 2, 0, 3], 1).map;
const refusal = (
  name: string,
  operands: () => [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D],
  options: () => SetDotProductAttentionOptions,
  error: string,
): CallCase => ({
  id: `set-dot-product-attention/${name}`,
  call: () => setDotProductAttention(...operands(), sets, options()),
  error,
});
const three = (): [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D] => [ones(), ones(), ones()];
const twoHeads = () => ({ heads: 2 });

export const calls: readonly CallCase[] = [
  refusal(
    'heads-4-of-6',
    three,
    () => ({ heads: 4 }),
    'RangeError: setDotProductAttention: heads must divide the 6 channels, got 4',
  ),
  refusal(
    'heads-0',
    three,
    () => ({ heads: 0 }),
    'RangeError: setDotProductAttention: heads must divide the 6 channels, got 0',
  ),
  refusal(
    'scale-nan',
    three,
    () => ({ heads: 2, scale: NaN }),
    'RangeError: setDotProductAttention: scale must be a finite number, got NaN',
  ),
  refusal(
    'other-sites',
    () => [ones(), ones(5), ones()],
    twoHeads,
    'RangeError: setDotProductAttention: k must have 4 rows (sites of sets), got [5, 6]',
  ),
  refusal(
    'other-channels',
    () => [ones(), ones(), ones(4, 4)],
    twoHeads,
    'RangeError: setDotProductAttention: v must have 6 channels (as q), got [4, 4]',
  ),
  refusal(
    'integers',
    () => [ones(), ones().toInt(), ones()],
    twoHeads,
    'TypeError: setDotProductAttention: k must be float32, got int32',
  ),
  refusal(
    'bias-of-another-size',
    three,
    () => ({ heads: 2, bias: { table: ones(4, 2), map } }),
    'RangeError: setDotProductAttention: the table of bias must be [1 * (2 * bound + 1), 2] (axes, heads), got [4, 2]',
  ),
  {
    id: 'set-dot-product-attention/nan-in-a-key-that-is-none',
    call: async () => {
      const masked = siteSets({ siteCount: 3, sets: [[0, 1, 2]], isKey: [[true, false, true]] });
      const nan = tf.tensor2d([1, NaN, 1], [3, 1]);
      const y = setDotProductAttention(tf.ones([3, 1]), nan, nan, masked, { heads: 1 });
      const found = [...(await y.data())];
      if (found.join() !== '1,1,1') throw new Error(`got ${found.join()}`);
    },
    error: null,
  },
  {
    id: 'site-sets/site-without-a-set',
    call: () => siteSets({ siteCount: 3, sets: [[0, 1]] }),
    error: 'RangeError: siteSets: every site must be in a set, got none with site 2',
  },
  {
    id: 'site-sets/site-above',
    call: () => siteSets({ siteCount: 3, sets: [[0, 1, 3]] }),
    error: 'RangeError: siteSets: sites must be from 0 to 2 (siteCount), got 3',
  },
  {
    id: 'site-sets/is-key-of-another-shape',
    call: () => siteSets({ siteCount: 2, sets: [[0, 1]], isKey: [[true]] }),
    error: 'RangeError: siteSets: isKey must have the shape of sets, got lengths 1',
  },
];
