import * as tf from '@tensorflow/tfjs-core';
import { gatherTokens, spAttenTokens } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { greatestPlaces } from './shared/exact-recent.js';
import { attributesOf, isCaseOf } from './shared/peer-tables.js';

interface KeptAttrs {
  readonly start: number;
  readonly important: number;
  readonly recent: number;
  readonly coming: number;
}

interface KeptCase extends KeptAttrs {
  readonly batches: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly seed: number;
}

const width = 4;

/** The tokens that stay, and what a cache keeps by them. */
const pruning: TensorOperation<KeptAttrs> = {
  op: 'sp-atten-tokens',
  inputs: { scores: 'float32', cache: 'float32' },
  outputs: { tokens: 'int32', kept: 'float32' },
  attributes: { start: field.number, important: field.number, recent: field.number, coming: field.number },
  forward({ scores, cache }, attrs) {
    const tokens = spAttenTokens(scores as tf.Tensor4D, attrs);
    return { tokens, kept: gatherTokens(cache as tf.Tensor4D, tokens) };
  },
  define({ scores, cache }, { start, important, recent, coming }) {
    const [batches, heads, queries, keys] = scores.shape;
    const channels = cache.shape[3];
    const end = keys - recent + coming;
    const lists = Array.from({ length: batches * heads }, (_, matrix) => {
      const sums = Array.from({ length: keys }, (_, key) => {
        const column = Array.from({ length: queries }, (_, query) => scores.values[(matrix * queries + query) * keys + key]); // prettier-ignore
        return column.reduce((sum, score) => sum + score, 0);
      });
      const between = greatestPlaces(sums.slice(start, end), important).map((place) => place + start);
      const all = Array.from({ length: keys }, (_, key) => key);
      return [...all.slice(0, start), ...between, ...all.slice(end)];
    });
    const rows = lists.flatMap((list, matrix) => list.map((token) => matrix * keys + token));
    const shape = [batches, heads, lists[0].length];
    return {
      tokens: { shape, values: lists.flat() },
      kept: {
        shape: [...shape, channels],
        values: rows.flatMap((row) => cache.values.slice(row * channels, (row + 1) * channels)),
      },
    };
  },
};

const tolerance = { output: 0, gradient: 0, reason: 'rows are copied' };

export const operation = defineTensorCases<KeptCase, KeptAttrs>(
  pruning,
  ({ batches, heads, queries, keys, seed, ...attrs }) => ({
    tolerance,
    inputs: {
      scores: drawTensor([batches, heads, queries, keys], seed),
      cache: drawTensor([batches, heads, keys, width], seed + 1),
    },
    attrs,
    seed: seed + 2,
  }),
  (control) => [
    control('twelve-between', {
      batches: 1,
      heads: 3,
      queries: 5,
      keys: 40,
      start: 4,
      important: 12,
      recent: 8,
      coming: 3,
      seed: 6820,
    }),
    control.with('none-coming', { coming: 0 }),
    control.with('no-recent', { recent: 0, coming: 0 }),
    control.with('no-start', { start: 0 }),
    control.with('none-important', { important: 0 }),
    control.with('all', { important: 28, coming: 0 }),
    control.with('one-query', { queries: 1 }),
    control.with('batches', { batches: 2 }),
  ],
);

/** Keys and values of two layers. */
export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'mit-han-lab/spatten', 'kv_prune')) return null;
  const given = attributesOf<Record<string, number>>(file);
  const attrs: KeptAttrs = {
    start: given.start_size,
    important: given.important_size,
    recent: given.recent_size,
    coming: given.num_coming,
  };
  const tensor = (name: string) => file.tensors.get(name)!;
  return ['k0', 'v0', 'k1', 'v1'].map((cache) => {
    const tokens = tensor(`out.kept_all${cache[1]}`);
    return {
      operation: pruning,
      attrs,
      inputs: { scores: tensor(`in.score${cache[1]}`), cache: tensor(`in.${cache}`) },
      outputs: { tokens: { ...tokens, shape: [1, ...tokens.shape] }, kept: tensor(`out.${cache}`) },
      tolerance,
    };
  });
};

const scores = () => tf.ones([1, 1, 2, 8]) as tf.Tensor4D;

export const calls: readonly CallCase[] = [
  {
    id: 'sp-atten-tokens/more-than-there-are',
    call: () => spAttenTokens(scores(), { start: 2, important: 4, recent: 3 }),
    error: 'RangeError: spAttenTokens: start + important + recent - coming must be from 1 to 8 (keys), got 9',
  },
  {
    id: 'sp-atten-tokens/more-coming-than-recent',
    call: () => spAttenTokens(scores(), { start: 2, important: 2, recent: 1, coming: 2 }),
    error: 'RangeError: spAttenTokens: coming must be at most 1 (recent), got 2',
  },
];
