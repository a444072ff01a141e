import * as tf from '@tensorflow/tfjs-core';
import { snapKV } from '@tfjs-sparse/window-attention';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { greatestPlaces } from './shared/exact-recent.js';
import {
  exactImportance,
  keptAttributes,
  keptControl,
  listTensor,
  peerKept,
  tolerance,
  type KeptAttrs,
} from './shared/kept-tokens.js';
import { isCaseOf } from './shared/peer-tables.js';
import { drawSequences, type RecentCase } from './shared/recent-selection.js';

const selection: TensorOperation<KeptAttrs> = {
  op: 'snap-kv',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { tokens: 'int32' },
  attributes: keptAttributes,
  forward: ({ q, k }, attrs) => ({ tokens: snapKV(q as tf.Tensor4D, k as tf.Tensor4D, attrs) }),
  define(sequences, attrs) {
    const { q, k } = sequences;
    const importance = exactImportance({ q, k }, attrs, (shares, heads) => {
      return shares.reduce((sum, share) => sum + share, 0) / heads;
    });
    const lists = importance.map((ofBatch) => ofBatch.map((scores) => greatestPlaces(scores, attrs.capacity)));
    return { tokens: listTensor(lists, attrs.capacity) };
  },
};

export const operation = defineTensorCases<RecentCase & KeptAttrs, KeptAttrs>(
  selection,
  (source) => {
    const { capacity, start, recent, lastQueries, kernel, seed } = source;
    const attrs = { capacity, start, recent, lastQueries, kernel };
    return { tolerance, inputs: drawSequences(source), attrs, seed };
  },
  (control) => [
    control('twenty-of-48', keptControl),
    control.with('all', { capacity: 48 }),
    control.with('only-certain-ones', { capacity: 8 }),
    control.with('none-certain', { start: 0, recent: 0, capacity: 5 }),
    control.with('no-pooling', { kernel: 1 }),
    control.with('pooling-beyond-the-ends', { kernel: 31 }),
    control.with('one-last-query', { lastQueries: 1 }),
    control.with('fewer-queries', { queries: 10 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('batches', { batches: 2 }),
  ],
);

export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'PiotrNawrot/sparse-frontier', 'snapkv')) return null;
  return [{ operation: selection, tolerance, ...peerKept(file, ({ capacity }) => capacity) }];
};

const like = () => tf.ones([1, 1, 8, 2]) as tf.Tensor4D;

export const calls: readonly CallCase[] = [
  {
    id: 'snap-kv/capacity-below',
    call: () => snapKV(like(), like(), { capacity: 4, start: 2, recent: 3 }),
    error: 'RangeError: snapKV: capacity must be an integer from 5 (start + recent) to 8 (keys), got 4',
  },
  {
    id: 'snap-kv/even-kernel',
    call: () => snapKV(like(), like(), { capacity: 8, start: 2, recent: 3, kernel: 4 }),
    error: 'RangeError: snapKV: kernel must be an odd number, got 4',
  },
];
