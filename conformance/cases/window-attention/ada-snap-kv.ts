import * as tf from '@tensorflow/tfjs-core';
import { adaSnapKV } from '@tfjs-sparse/window-attention';
import * as field from '../../src/fields.js';
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
import { attributesOf, isCaseOf } from './shared/peer-tables.js';
import { drawSequences, type RecentCase } from './shared/recent-selection.js';

interface AdaAttrs extends KeptAttrs {
  readonly minRatio: number;
}

function leastOf({ capacity, minRatio, start, recent }: AdaAttrs): number {
  return Math.max(Math.floor(capacity * minRatio), start + recent);
}

/** What one head may have at most. */
function widthOf(attrs: AdaAttrs, heads: number, keys: number): number {
  return Math.min(keys, attrs.capacity * heads - (heads - 1) * leastOf(attrs));
}

const selection: TensorOperation<AdaAttrs> = {
  op: 'ada-snap-kv',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { tokens: 'int32' },
  attributes: { ...keptAttributes, minRatio: field.number },
  forward: ({ q, k }, attrs) => ({ tokens: adaSnapKV(q as tf.Tensor4D, k as tf.Tensor4D, attrs) }),
  define({ q, k }, attrs) {
    const [, heads, keys] = k.shape;
    const lists = exactImportance({ q, k }, attrs, (shares) => Math.max(...shares)).map((ofBatch) => {
      const kept = ofBatch.map((scores) => new Set(greatestPlaces(scores, leastOf(attrs))));
      const others = ofBatch.flatMap((scores, head) => scores.map((score, key) => ({ score, head, key })));
      const competing = others.filter(({ head, key }) => !kept[head].has(key)).sort((a, b) => b.score - a.score);
      const rest = attrs.capacity * heads - heads * leastOf(attrs);
      for (const { head, key } of competing.slice(0, rest)) kept[head].add(key);
      return kept.map((keys) => [...keys].sort((a, b) => a - b));
    });
    return { tokens: listTensor(lists, widthOf(attrs, heads, keys)) };
  },
};

export const operation = defineTensorCases<RecentCase & AdaAttrs, AdaAttrs>(
  selection,
  (source) => {
    const { capacity, start, recent, lastQueries, kernel, minRatio, seed } = source;
    const attrs = { capacity, start, recent, lastQueries, kernel, minRatio };
    return { tolerance, inputs: drawSequences(source), attrs, seed };
  },
  (control) => [
    control('twenty-of-48', { ...keptControl, minRatio: 0.2, seed: 6760 }),
    control.with('ten-of-their-own', { minRatio: 0.5 }),
    control.with('all-of-their-own', { minRatio: 1 }),
    control.with('all', { capacity: 48 }),
    control.with('only-certain-ones', { capacity: 8 }),
    control.with('none-certain', { start: 0, recent: 0, minRatio: 0, capacity: 5 }),
    control.with('one-head', { heads: 1, keyHeads: 1 }),
    control.with('fewer-queries', { queries: 10 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('batches', { batches: 2 }),
  ],
);

export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'PiotrNawrot/sparse-frontier', 'ada_snapkv')) return null;
  const { min_head_capacity_ratio: minRatio } = attributesOf<{ min_head_capacity_ratio: number }>(file);
  const [, keys] = file.tensors.get('idx.kept')!.shape;
  const read = peerKept(file, (attrs, heads) => widthOf({ ...attrs, minRatio }, heads, keys));
  return [{ operation: selection, tolerance, ...read, attrs: { ...read.attrs, minRatio } }];
};

export const calls: readonly CallCase[] = [
  {
    id: 'ada-snap-kv/ratio-above',
    call: () => {
      const x = tf.ones([1, 1, 8, 2]) as tf.Tensor4D;
      return adaSnapKV(x, x, { capacity: 6, start: 2, recent: 3, minRatio: 1.2 });
    },
    error: 'RangeError: adaSnapKV: minRatio must be from 0 to 1, got 1.2',
  },
];
