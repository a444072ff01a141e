import type { SparsityPattern } from './sparsity-pattern.js';

const tables = new WeakMap<SparsityPattern, Int32Array>();

/** `[blocks]`: the row of blocks of each kept block. */
export function blockRowTable(pattern: SparsityPattern): Int32Array {
  let table = tables.get(pattern);
  if (table) return table;
  const { starts, blockCount } = pattern;
  table = new Int32Array(blockCount);
  for (let row = 0; row < starts.length - 1; row++) table.fill(row, starts[row], starts[row + 1]);
  tables.set(pattern, table);
  return table;
}
