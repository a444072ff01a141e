import { derivedKey, type CompressedRows } from '@tfjs-sparse/core';

const longest = derivedKey<number>();

/** Entries of the row that has most. */
export function longestRow(rows: CompressedRows): number {
  return rows.derived(longest, () => {
    let most = 0;
    for (let row = 0; row < rows.rowCount; row++) most = Math.max(most, rows.starts[row + 1] - rows.starts[row]);
    return most;
  });
}
