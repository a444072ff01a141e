import * as tf from '@tensorflow/tfjs-core';
import { verticalSlash } from '@tfjs-sparse/window-attention';
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

interface SlashAttrs {
  readonly columns: number;
  readonly diagonals: number;
  readonly lastQueries: number;
  readonly firstColumns: number;
  readonly nearOffsets: number;
}

const selection: AsyncTensorOperation<SlashAttrs> = {
  op: 'vertical-slash',
  inputs: { q: 'float32', k: 'float32' },
  outputs: { mask: 'bool' },
  attributes: {
    columns: field.number,
    diagonals: field.number,
    lastQueries: field.number,
    firstColumns: field.number,
    nearOffsets: field.number,
  },
  forwardAsync: ({ q, k }, attrs) =>
    maskOfSelection(verticalSlash(q as tf.Tensor4D, k as tf.Tensor4D, attrs), q as tf.Tensor4D, k as tf.Tensor4D),
  define({ q, k }, { columns, diagonals, lastQueries, firstColumns, nearOffsets }) {
    const forced = (sums: readonly number[], count: number) => sums.map((sum, i) => (i < count ? Infinity : sum));
    const patterns = exactSums({ q, k }, lastQueries).map((sums) => ({
      columns: greatestPlaces(forced(sums.columns, firstColumns), columns),
      offsets: greatestPlaces(forced(sums.diagonals, nearOffsets), diagonals),
    }));
    return { mask: exactMask({ q, k }, patterns) };
  },
};

export const operation = defineTensorCases<RecentCase & SlashAttrs, SlashAttrs>(
  selection,
  (source) => {
    const { columns, diagonals, lastQueries, firstColumns, nearOffsets, seed } = source;
    return {
      tolerance,
      inputs: drawSequences(source),
      attrs: { columns, diagonals, lastQueries, firstColumns, nearOffsets },
      seed,
    };
  },
  (control) => [
    control('columns-and-diagonals', {
      batches: 1,
      heads: 2,
      keyHeads: 2,
      queries: 40,
      keys: 40,
      columns: 7,
      diagonals: 6,
      lastQueries: 8,
      firstColumns: 2,
      nearOffsets: 3,
      seed: 6700,
    }),
    control.with('none-forced', { firstColumns: 0, nearOffsets: 0 }),
    control.with('more-forced-than-chosen', { firstColumns: 9, nearOffsets: 9 }),
    control.with('no-columns', { columns: 0 }),
    control.with('no-diagonals', { diagonals: 0 }),
    control.with('more-than-keys', { columns: 50, diagonals: 50 }),
    control.with('one-last-query', { lastQueries: 1 }),
    control.with('all-queries', { lastQueries: 40 }),
    control.with('fewer-queries', { queries: 11 }),
    control.with('grouped-queries', { heads: 6 }),
    control.with('batches', { batches: 2 }),
  ],
);

export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'PiotrNawrot/sparse-frontier', 'vertical_slash')) return null;
  const given = attributesOf<Record<string, number>>(file);
  const attrs: SlashAttrs = {
    columns: given.verticals,
    diagonals: given.slashes,
    lastQueries: given.last_queries,
    firstColumns: given.forced_first_columns,
    nearOffsets: given.forced_last_offsets,
  };
  const [q, k, mask] = ['in.q', 'in.k', 'idx.mask'].map((name) => file.tensors.get(name)!);
  return [peerMask(file), { mask }].map((outputs) => ({ operation: selection, attrs, inputs: { q, k }, outputs, tolerance })); // prettier-ignore
};

const like = () => tf.ones([1, 1, 8, 2]) as tf.Tensor4D;

export const calls: readonly CallCase[] = [
  {
    id: 'vertical-slash/last-queries-above',
    call: () => verticalSlash(like(), like(), { lastQueries: 9 }),
    error: 'RangeError: verticalSlash: lastQueries must be an integer from 1 to 8 (queries and keys), got 9',
  },
  {
    id: 'vertical-slash/half-a-column',
    call: () => verticalSlash(like(), like(), { columns: 0.5 }),
    error: 'RangeError: verticalSlash: columns must be an integer of at least 0, got 0.5',
  },
];
