import * as tf from '@tensorflow/tfjs-core';
import {
  setAttention,
  siteSets,
  type SetAttentionOptions,
  type SetAttentionWeights,
} from '@tfjs-sparse/window-attention';
import { drawSites } from '../../oracle/draw-sites.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { drawSets, type SetsCase } from './shared/draw-sets.js';
import { attended } from './shared/exact-attention.js';
import { turned } from './shared/exact-rope.js';
import { mapOrder } from './shared/map-order.js';
import { peerAttention } from './shared/peer-attention.js';

interface SetAttentionAttrs {
  /** Rows of each set. */
  readonly sets: readonly (readonly number[])[];
  readonly isKey?: readonly (readonly boolean[])[];
  readonly heads: number;
  /** Base of the angles of PointROPE; none where it is absent. */
  readonly rope?: number;
}

interface SetAttentionCase extends SetsCase {
  readonly heads: number;
  readonly channels: number;
  readonly hasPosition?: boolean;
  readonly hasBiases?: boolean;
  readonly bound?: number;
  readonly rope?: number;
}

const attention: TensorOperation<SetAttentionAttrs> = {
  op: 'set-attention',
  inputs: {
    x: 'float32',
    qkv: 'float32',
    output: 'float32',
    qkvBias: 'float32',
    outputBias: 'float32',
    position: 'float32',
    bias: 'float32',
    coordinates: 'int32',
  },
  optional: ['qkvBias', 'outputBias', 'position', 'bias', 'coordinates'],
  outputs: { y: 'float32' },
  attributes: {
    sets: field.listOf(field.numbers),
    isKey: field.optional(field.listOf(field.listOf(field.flag))),
    heads: field.number,
    rope: field.optional(field.number),
  },
  forward({ x, qkv, output, qkvBias, outputBias, position, bias, coordinates }, { sets: given, isKey, heads, rope }) {
    const ordered = coordinates && mapOrder('set-attention', coordinates);
    const order = ordered?.order;
    const sets = order ? given.map((set) => set.map((row) => order.indexOf(row))) : given;
    const own = siteSets({ siteCount: x.shape[0], sets, isKey });
    const toSites = (rows: tf.Tensor) => (ordered ? ordered.toSites(rows as tf.Tensor2D) : (rows as tf.Tensor2D));
    const weights = { qkv, output, qkvBias, outputBias } as SetAttentionWeights;
    const y = setAttention(toSites(x), own, weights, {
      heads,
      position: position && toSites(position),
      bias: bias && { table: bias as tf.Tensor2D, map: ordered!.map },
      rope: rope === undefined ? undefined : { map: ordered!.map, frequency: rope },
    });
    return { y: ordered ? ordered.toRows(y) : y };
  },
  define({ x, qkv, output, qkvBias, outputBias, position, bias, coordinates }, { rope, ...attrs }) {
    const [sites, channels] = x.shape;
    const placed = { shape: x.shape, values: x.values.map((value, i) => value + (position?.values[i] ?? 0)) };
    const project = (from: ExactTensor, part: number): ExactTensor => {
      return { shape: x.shape, values: product(from, qkv, qkvBias, part * channels, channels) };
    };
    const [q, k] = [0, 1].map((part) => {
      const projected = project(placed, part);
      if (rope === undefined) return projected;
      const values = turned(projected, coordinates, { heads: attrs.heads, frequency: rope }, 1);
      return { shape: x.shape, values };
    });
    const columns = coordinates?.shape[1];
    const places = coordinates?.values.filter((_, i) => i % columns > 0);
    const values = attended({ q, k, v: project(x, 2), bias }, { ...attrs, coordinates: bias && places });
    return {
      y: { shape: [sites, channels], values: product({ shape: x.shape, values }, output, outputBias, 0, channels) },
    };
  },
};

/** x times columns of a matrix, plus a bias. */
function product(
  { shape: [rows, inner], values }: ExactTensor,
  matrix: ExactTensor,
  bias: ExactTensor | undefined,
  first: number,
  count: number,
): number[] {
  return Array.from({ length: rows * count }, (_, i) => {
    const [row, column] = [Math.floor(i / count), first + (i % count)];
    let sum = bias?.values[column] ?? 0;
    for (let j = 0; j < inner; j++) sum += values[row * inner + j] * matrix.values[j * matrix.shape[1] + column];
    return sum;
  });
}

const tolerance = { output: 2e-6, gradient: 1e-5, reason: 'four products of float32 numbers and a softmax in a row' };

export const operation = defineTensorCases<SetAttentionCase, SetAttentionAttrs>(
  attention,
  ({ heads, channels, hasPosition, hasBiases, bound, rope, ...sets }) => {
    const { sizes, seed } = sets;
    const siteCount = sizes.reduce((sum, size) => sum + size, 0);
    const hasCoordinates = bound !== undefined || rope !== undefined;
    const sites = drawSites({ count: siteCount, extent: [6, 6, 6], batches: [0] }, seed + 1);
    return {
      tolerance,
      inputs: {
        x: drawTensor([siteCount, channels], seed + 2),
        qkv: drawTensor([channels, 3 * channels], seed + 3),
        output: drawTensor([channels, channels], seed + 4),
        ...(hasBiases && {
          qkvBias: drawTensor([3 * channels], seed + 5),
          outputBias: drawTensor([channels], seed + 6),
        }),
        ...(hasPosition && { position: drawTensor([siteCount, channels], seed + 7) }),
        ...(bound !== undefined && { bias: drawTensor([3 * (2 * bound + 1), heads], seed + 8) }),
        ...(hasCoordinates && { coordinates: { shape: [siteCount, 4], values: sites.flat(), dtype: 'int32' } }),
      },
      attrs: { ...drawSets(sets), heads, ...(rope !== undefined && { rope }) },
      gradients: [
        ...['x', 'qkv', 'output'],
        ...(hasBiases ? ['qkvBias', 'outputBias'] : []),
        ...(hasPosition ? ['position'] : []),
        ...(bound !== undefined ? ['bias'] : []),
      ],
      seed: seed + 9,
    };
  },
  (control) => [
    control('sets-of-5', { sizes: [5, 4], heads: 2, channels: 8, seed: 6100 }),
    control.with('no-sites', { sizes: [] }),
    control.with('one-site', { sizes: [1] }),
    control.with('biases', { hasBiases: true }),
    control.with('position', { hasPosition: true }),
    control.with('relative-bias', { bound: 2 }),
    control.with('rope', { channels: 12, rope: 100 }),
    control.with('all', { channels: 12, rope: 50, bound: 1, hasPosition: true, hasBiases: true, borrowed: 2 }),
    control.with('slots-that-are-no-keys', { masked: 0.4, hasBiases: true }),
    control.with('channels-not-multiple-of-4', { channels: 6, heads: 3 }),
    control.with('more-than-a-panel', { sizes: [17, 9, 1], channels: 4, heads: 1, hasBiases: true, hasPosition: true }),
  ],
);

const ones = (...shape: number[]) => tf.ones(shape);
const pair = siteSets({ siteCount: 2, sets: [[0, 1]] });
const refusal = (
  name: string,
  x: () => tf.Tensor,
  weights: () => Partial<Record<keyof SetAttentionWeights, tf.Tensor>>,
  options: () => Partial<SetAttentionOptions>,
  error: string,
): CallCase => ({
  id: `set-attention/${name}`,
  call: () => {
    const all = { qkv: ones(4, 12), output: ones(4, 4), ...weights() } as SetAttentionWeights;
    setAttention(x() as tf.Tensor2D, pair, all, { heads: 2, ...options() });
  },
  error,
});
const x = () => ones(2, 4);
const none = () => ({});

export const calls: readonly CallCase[] = [
  refusal('other-sites', () => ones(3, 4), none, none, 'RangeError: setAttention: x must be [2, channels] (sites of sets), got [3, 4]'),
  refusal('integers', () => x().toInt(), none, none, 'TypeError: setAttention: x must be float32, got int32'),
  refusal('qkv-of-one', x, () => ({ qkv: ones(4, 4) }), none, 'RangeError: setAttention: qkv must be [4, 12] (channels of x), got [4, 4]'),
  refusal('qkv-bias', x, () => ({ qkvBias: ones(4) }), none, 'RangeError: setAttention: qkvBias must be [12] (channels of x), got [4]'),
  refusal('output', x, () => ({ output: ones(4, 5) }), none, 'RangeError: setAttention: output must be [4, 4] (channels of x), got [4, 5]'),
  refusal('output-bias', x, () => ({ outputBias: ones(5) }), none, 'RangeError: setAttention: outputBias must be [4] (channels of x), got [5]'),
  refusal('position', x, none, () => ({ position: ones(2, 3) as tf.Tensor2D }), 'RangeError: setAttention: position must be [2, 4] (as x), got [2, 3]'),
  refusal('heads', x, none, () => ({ heads: 3 }), 'RangeError: setDotProductAttention: heads must divide the 4 channels, got 3'),
]; // prettier-ignore

/** Attention of Point Transformer V3 and LitePT by their own weights. */
export const peers = peerAttention(attention);
