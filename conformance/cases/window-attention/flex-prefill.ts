import * as tf from '@tensorflow/tfjs-core';
import { flexPrefill } from '@tfjs-sparse/window-attention';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { AsyncTensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { greatestPlaces } from './shared/exact-recent.js';
import { attributesOf, isCaseOf } from './shared/peer-tables.js';
import {
  drawSequences,
  exactMask,
  exactSums,
  maskOfSelection,
  peerMask,
  tolerance,
  type RecentCase,
} from './shared/recent-selection.js';

interface FlexAttrs {
  readonly alpha: number;
  readonly minBudget: number;
  readonly lastQueries: number;
  readonly firstColumns: number;
  readonly nearOffsets: number;
}

const selection: AsyncTensorOperation<FlexAttrs> = {
  op: 'flex-prefill',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { mask: 'bool' },
  attributes: {
    alpha: field.number,
    minBudget: field.number,
    lastQueries: field.number,
    firstColumns: field.number,
    nearOffsets: field.number,
  },
  forwardAsync: ({ q, k }, attrs) =>
    maskOfSelection(flexPrefill(q as tf.Tensor4D, k as tf.Tensor4D, attrs), q as tf.Tensor4D, k as tf.Tensor4D),
  define({ q, k }, { alpha, minBudget, lastQueries, firstColumns, nearOffsets }) {
    const chosen = (sums: readonly number[], forced: number) => {
      const falling = sums.map((sum) => sum / lastQueries).sort((a, b) => b - a);
      let total = 0;
      const within = falling.map((mean) => (total += mean)).filter((soFar) => soFar <= alpha).length;
      const count = Math.max(minBudget, within + 1);
      return greatestPlaces(sums.map((sum, i) => (i < forced ? Infinity : sum)), count); // prettier-ignore
    };
    const patterns = exactSums({ q, k }, lastQueries).map(({ columns, diagonals }) => ({
      columns: chosen(columns, firstColumns),
      offsets: chosen(diagonals, nearOffsets),
    }));
    return { mask: exactMask({ q, k }, patterns) };
  },
};

export const operation = defineTensorCases<RecentCase & FlexAttrs, FlexAttrs>(
  selection,
  (source) => {
    const { alpha, minBudget, lastQueries, firstColumns, nearOffsets, seed } = source;
    return {
      tolerance,
      inputs: drawSequences(source),
      attrs: { alpha, minBudget, lastQueries, firstColumns, nearOffsets },
      seed,
    };
  },
  (control) => [
    control('most-of-the-attention', {
      batches: 1,
      heads: 2,
      keyHeads: 2,
      queries: 40,
      keys: 40,
      alpha: 0.8,
      minBudget: 3,
      lastQueries: 8,
      firstColumns: 2,
      nearOffsets: 3,
      seed: 6720,
    }),
    control.with('little', { alpha: 0.1 }),
    control.with('none', { alpha: 0, minBudget: 0 }),
    control.with('nearly-all', { alpha: 0.97 }),
    control.with('least-budget', { alpha: 0.1, minBudget: 12 }),
    control.with('budget-above-keys', { minBudget: 60 }),
    control.with('more-forced-than-chosen', { alpha: 0.1, firstColumns: 20, nearOffsets: 30 }),
    control.with('fewer-queries', { queries: 11 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('batches', { batches: 2 }),
  ],
);

export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'PiotrNawrot/sparse-frontier', 'flexprefill')) return null;
  const given = attributesOf<Record<string, number>>(file);
  const attrs: FlexAttrs = {
    alpha: given.alpha,
    minBudget: given.min_budget,
    lastQueries: given.last_queries,
    firstColumns: given.forced_first_columns,
    nearOffsets: given.forced_last_offsets,
  };
  const [q, k] = ['q', 'k'].map((name) => file.tensors.get(`in.${name}`)!);
  return [{ operation: selection, attrs, inputs: { q, k }, outputs: peerMask(file), tolerance }];
};

export const calls: readonly CallCase[] = [
  {
    id: 'flex-prefill/alpha-above',
    call: () => {
      const x = tf.ones([1, 1, 8, 2]) as tf.Tensor4D;
      return flexPrefill(x, x, { alpha: 1.5 });
    },
    error: 'RangeError: flexPrefill: alpha must be from 0 to 1, got 1.5',
  },
];
