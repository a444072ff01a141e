/** Tables one behind the other: webgpu binds few. */
export function joinTables(...tables: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(tables.reduce((sum, { length }) => sum + length, 0));
  let length = 0;
  for (const table of tables) {
    joined.set(table, length);
    length += table.length;
  }
  return joined;
}
