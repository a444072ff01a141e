/**
 * Which source row each target row takes: points to sites, grid cells to sites, sites to clouds. A source may serve
 * many targets; a target has one source or none.
 */
export interface RowMap {
  /** int32 `[targets]`: the source row of each target, or -1. */
  readonly index: Int32Array;
  /** int32 `[sources + 1]`: where the targets of each source start in `order`. */
  readonly starts: Int32Array;
  /** int32 `[targets that have a source]`: the targets of each source, ascending. */
  readonly order: Int32Array;
}

/** Completes `index` (`[targets]`, source row or -1) to a RowMap over `sourceCount` rows by one counting sort. */
export function rowMapFromIndex(index: Int32Array, sourceCount: number): RowMap {
  const starts = new Int32Array(sourceCount + 1);
  for (const source of index) if (source >= 0) starts[source + 1]++;
  for (let source = 0; source < sourceCount; source++) starts[source + 1] += starts[source];
  const order = new Int32Array(starts[sourceCount]);
  const next = starts.slice();
  for (let target = 0; target < index.length; target++) {
    if (index[target] >= 0) order[next[index[target]]++] = target;
  }
  return { index, starts, order };
}
