import * as tf from '@tensorflow/tfjs-core';
import { pageBounds, quest } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { headsFirst } from './shared/exact-recent.js';
import { attributesOf, int32Tensor, integersOf, isCaseOf } from './shared/peer-tables.js';

interface QuestAttrs {
  readonly pageSize: number;
  readonly budget: number;
  readonly share: boolean;
}

interface QuestCase extends QuestAttrs {
  readonly batches: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly keys: number;
  readonly seed: number;
}

const channels = 6;

const selection: TensorOperation<QuestAttrs> = {
  op: 'quest',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { pages: 'int32' },
  attributes: { pageSize: field.number, budget: field.number, share: field.flag },
  forward: ({ q, k }, { pageSize, budget, share }) => ({
    pages: quest(q as tf.Tensor4D, pageBounds(k as tf.Tensor4D, pageSize), { budget, share }),
  }),
  define({ q, k }, { pageSize, budget, share }) {
    const [batches, heads, , width] = q.shape;
    const [, keyHeads, keys] = k.shape;
    const current = Math.ceil(keys / pageSize) - 1;
    const scoresOf = (batch: number, head: number) =>
      Array.from({ length: current }, (_, page) => {
        const matrix = batch * keyHeads + Math.floor((head * keyHeads) / heads);
        return Array.from({ length: width }, (_, channel) => {
          const ofPage = Array.from({ length: pageSize }, (_, i) => {
            return k.values[(matrix * keys + page * pageSize + i) * width + channel];
          });
          const value = q.values[(batch * heads + head) * width + channel];
          return Math.max(value * Math.min(...ofPage), value * Math.max(...ofPage));
        }).reduce((sum, product) => sum + product, 0);
      });
    const lists = share ? keyHeads : heads;
    const group = heads / lists;
    const count = Math.min(budget, current);
    const values: number[] = [];
    for (let list = 0; list < batches * lists; list++) {
      const [batch, first] = [Math.floor(list / lists), (list % lists) * group];
      const ofHeads = Array.from({ length: group }, (_, i) => scoresOf(batch, first + i));
      const pages = Array.from({ length: current }, (_, page) => ({
        page,
        score: ofHeads.reduce((sum, scores) => sum + scores[page], 0),
      })).sort((a, b) => b.score - a.score);
      values.push(...pages.slice(0, count).map(({ page }) => page), current);
    }
    return { pages: { shape: [batches, lists, 1, count + 1], values } };
  },
};

const tolerance = { output: 0, gradient: 0, reason: 'pages are right or wrong' };

export const operation = defineTensorCases<QuestCase, QuestAttrs>(
  selection,
  ({ batches, heads, keyHeads, keys, seed, ...attrs }) => ({
    tolerance,
    inputs: {
      q: drawTensor([batches, heads, 1, channels], seed),
      k: drawTensor([batches, keyHeads, keys, channels], seed + 1),
    },
    attrs,
    seed: seed + 2,
  }),
  (control) => [
    control('three-of-9-pages', {
      batches: 1,
      heads: 2,
      keyHeads: 2,
      keys: 43,
      pageSize: 5,
      budget: 3,
      share: false,
      seed: 6780,
    }),
    control.with('full-last-page', { keys: 45 }),
    control.with('one-key-of-a-page', { keys: 41 }),
    control.with('budget-above-pages', { budget: 20 }),
    control.with('pages-of-1', { pageSize: 1 }),
    control.with('one-page', { pageSize: 64 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('shared', { heads: 6, share: true }),
    control.with('batches', { batches: 2 }),
  ],
);

export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'PiotrNawrot/sparse-frontier', 'quest_pages')) return null;
  const given = attributesOf<{ page_size: number; page_budget: number; share_pages: boolean }>(file);
  const attrs: QuestAttrs = { pageSize: given.page_size, budget: given.page_budget, share: given.share_pages };
  const [heads, width] = file.tensors.get('in.q')!.shape;
  const q = { ...file.tensors.get('in.q')!, shape: [1, heads, 1, width] };
  const pages = integersOf(file, 'idx.pages');
  const outputs = { pages: int32Tensor(pages, [1, heads, 1, pages.length / heads]) };
  return [{ operation: selection, attrs, inputs: { q, k: headsFirst(file.tensors.get('in.k')!) }, outputs, tolerance }];
};

const keys = () => pageBounds(tf.ones([1, 2, 8, 3]), 4);

export const calls: readonly CallCase[] = [
  {
    id: 'quest/two-queries',
    call: () => quest(tf.ones([1, 2, 2, 3]), keys(), { budget: 1 }),
    error: 'RangeError: quest: q must be [batches, heads, 1, channels], got [1, 2, 2, 3]',
  },
  {
    id: 'quest/no-budget',
    call: () => quest(tf.ones([1, 2, 1, 3]), keys(), { budget: 0 }),
    error: 'RangeError: quest: budget must be an integer of at least 1, got 0',
  },
  {
    id: 'quest/other-greatest',
    call: () => quest(tf.ones([1, 2, 1, 3]), { least: keys().least, greatest: tf.ones([1, 2, 3, 3]) }, { budget: 1 }),
    error: 'RangeError: quest: greatest must be [1, 2, 2, 3] (as least), got [1, 2, 3, 3]',
  },
  {
    id: 'quest/pages-of-none',
    call: () => pageBounds(tf.ones([1, 2, 8, 3]), 0),
    error: 'RangeError: pageBounds: pageSize must be an integer of at least 1, got 0',
  },
];
