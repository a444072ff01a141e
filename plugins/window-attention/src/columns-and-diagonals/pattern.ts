import { AttentionMask, type KeyRange } from '../attention-masks/attention-mask.js';

/** Keys and distances that the queries of a head see, ascending. */
export interface ColumnsAndOffsets {
  /** Keys that all later queries see. */
  readonly columns: readonly number[];
  /** Distances: 0 is a query's own key, 3 the third before it. */
  readonly offsets: readonly number[];
}

/** A causal mask of columns and diagonals, and what it is made of. */
export interface ColumnsAndDiagonals {
  /** For `blockSparseAttention`; `dispose` frees what kernels made of it. */
  readonly mask: AttentionMask;
  /** `[batches][heads]` */
  readonly patterns: readonly (readonly ColumnsAndOffsets[])[];
}

/** @param patterns `[batches][heads]` */
export function columnsAndDiagonals(patterns: ColumnsAndDiagonals['patterns']): ColumnsAndDiagonals {
  const ranges = patterns.map((ofBatch) =>
    ofBatch.map(({ columns, offsets }) => ({ columns: runsOf(columns), offsets: runsOf(offsets) })),
  );
  const mask = new AttentionMask(
    ({ position, batch, head }) => {
      const { columns, offsets } = ranges[batch][head];
      const isPast = columns.filter(([first]) => first <= position);
      return [
        ...isPast.map(([first, end]): KeyRange => [first, Math.min(end, position + 1)]),
        ...offsets.map(([first, end]): KeyRange => [position + 1 - end, position + 1 - first]),
      ];
    },
    { batches: patterns.length, heads: patterns[0].length },
  );
  return { mask, patterns };
}

/** Numbers that follow each other as ranges. */
function runsOf(numbers: readonly number[]): KeyRange[] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs[runs.length - 1];
    if (last?.[1] === number) last[1]++;
    else runs.push([number, number + 1]);
  }
  return runs;
}
