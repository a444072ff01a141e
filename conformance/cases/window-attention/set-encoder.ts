import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, setEncoder, siteSets, type SetEncoderOptions } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { drawSets, type SetsCase } from './shared/draw-sets.js';
import { weightsOf } from './shared/encoder-weights.js';
import { encoded, type EncoderAttrs } from './shared/exact-encoder.js';
import { peerEncoder } from './shared/peer-encoder.js';

interface EncoderCase extends SetsCase {
  readonly heads: number;
  readonly channels: number;
  readonly hidden: number;
  readonly activation: 'relu' | 'gelu';
  readonly order: 'normLast' | 'normFirst';
  readonly hasPosition?: boolean;
}

const vectors = ['qkvBias', 'outputBias', 'scale1', 'offset1', 'scale2', 'offset2', 'innerBias', 'outerBias'] as const;

/** A layer of DSVT is normalised once more, behind a residual of its own: where outerScale and outerOffset are given. */
const encoder: TensorOperation<EncoderAttrs> = {
  op: 'set-encoder',
  inputs: {
    x: 'float32',
    position: 'float32',
    qkv: 'float32',
    output: 'float32',
    inner: 'float32',
    outer: 'float32',
    ...(Object.fromEntries(vectors.map((name) => [name, 'float32'])) as Record<(typeof vectors)[number], 'float32'>),
    outerScale: 'float32',
    outerOffset: 'float32',
  },
  optional: ['position', 'outerScale', 'outerOffset'],
  outputs: { y: 'float32' },
  attributes: {
    sets: field.listOf(field.numbers),
    isKey: field.optional(field.listOf(field.listOf(field.flag))),
    heads: field.number,
    activation: field.oneOf('relu', 'gelu'),
    order: field.oneOf('normLast', 'normFirst'),
  },
  forward(inputs, { sets, isKey, ...options }) {
    const x = inputs.x as tf.Tensor2D;
    const position = inputs.position as tf.Tensor2D | undefined;
    const own = siteSets({ siteCount: x.shape[0], sets, isKey });
    const y = setEncoder(x, own, weightsOf(inputs, ''), { ...options, position });
    const { outerScale, outerOffset } = inputs;
    if (!outerScale) return { y };
    return { y: layerNorm(tf.add(x, y), outerScale as tf.Tensor1D, outerOffset as tf.Tensor1D) };
  },
  define: (inputs, attrs) => ({ y: { shape: inputs.x.shape, values: encoded(inputs, attrs) } }),
};

const tolerance = {
  output: 5e-6,
  gradient: 3e-5,
  reason: 'six products of float32 numbers, a softmax and two normalizations',
};

export const operation = defineTensorCases<EncoderCase, EncoderAttrs>(
  encoder,
  ({ heads, channels, hidden, activation, order, hasPosition, ...sets }) => {
    const { sizes, seed } = sets;
    const sites = sizes.reduce((sum, size) => sum + size, 0);
    const lengths = { qkvBias: 3 * channels, innerBias: hidden } as Readonly<Record<string, number>>;
    const drawn = vectors.map((name, i) => [name, drawTensor([lengths[name] ?? channels], seed + 10 + i)] as const);
    return {
      tolerance,
      inputs: {
        x: drawTensor([sites, channels], seed + 1),
        ...(hasPosition && { position: drawTensor([sites, channels], seed + 2) }),
        qkv: drawTensor([channels, 3 * channels], seed + 3),
        output: drawTensor([channels, channels], seed + 4),
        inner: drawTensor([channels, hidden], seed + 5),
        outer: drawTensor([hidden, channels], seed + 6),
        ...Object.fromEntries(drawn),
      },
      attrs: { ...drawSets(sets), heads, activation, order },
      gradients: ['x', ...(hasPosition ? ['position'] : []), 'qkv', 'output', 'inner', 'outer', ...vectors],
      seed: seed + 7,
    };
  },
  (control) => [
    control('norm-last-relu', { sizes: [4, 3], heads: 2, channels: 4, hidden: 6, activation: 'relu', order: 'normLast', seed: 6300 }), // prettier-ignore
    control.with('gelu', { activation: 'gelu' }),
    control.with('norm-first-gelu', { activation: 'gelu', order: 'normFirst' }),
    control.with('position', { hasPosition: true }),
    control.with('one-site', { sizes: [1] }),
    control.with('borrowed-keys', { borrowed: 2 }),
  ],
);

const ones = (...shape: number[]) => tf.ones(shape);
const refusal = (
  name: string,
  changed: () => Readonly<Record<string, tf.Tensor>>,
  options: object,
  error: string,
): CallCase => ({
  id: `set-encoder/${name}`,
  call: () => {
    const norm = { scale: ones(4), offset: ones(4) };
    const attention = { qkv: ones(4, 12), output: ones(4, 4) };
    const weights = { attention, norm1: norm, norm2: norm, inner: ones(4, 6), innerBias: ones(6), outer: ones(6, 4), outerBias: ones(4), ...changed() }; // prettier-ignore
    const sets = siteSets({ siteCount: 2, sets: [[0, 1]] });
    setEncoder(ones(2, 4) as tf.Tensor2D, sets, weights as never, { heads: 2, ...options } as SetEncoderOptions);
  },
  error: `RangeError: setEncoder: ${error}`,
});
const none = () => ({});

export const calls: readonly CallCase[] = [
  refusal('another-activation', none, { activation: 'swish' }, "activation must be 'relu' or 'gelu', got swish"),
  refusal('another-order', none, { order: 'pre' }, "order must be 'normLast' or 'normFirst', got pre"),
  refusal('inner', () => ({ inner: ones(5, 6) }), {}, 'inner must be [4, hidden] (channels of x), got [5, 6]'),
  refusal('inner-bias', () => ({ innerBias: ones(4) }), {}, 'innerBias must be [6], got [4]'),
  refusal('outer', () => ({ outer: ones(4, 6) }), {}, 'outer must be [6, 4], got [4, 6]'),
];

/** DSVT's layers by their own weights and sets. */
export const peers = peerEncoder(encoder);
