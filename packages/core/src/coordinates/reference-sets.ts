// Sets of sites without wasm. Rows are int32 `[sites, columns]`, ascending.

/** The rows that either set has. */
export function mergeRows(a: Int32Array, b: Int32Array, columns: number): Int32Array {
  const rows = new Int32Array(a.length + b.length);
  let [i, j, length] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const order = compareRows(a, i, b, j, columns);
    const [from, start] = order <= 0 ? [a, i] : [b, j];
    for (let column = 0; column < columns; column++) rows[length++] = from[start + column];
    if (order <= 0) i += columns;
    if (order >= 0) j += columns;
  }
  return rows.slice(0, length);
}

/** For each row of `target` the row of `others` that equals it, and the other way round; -1 for none. */
export function matchRows(
  target: Int32Array,
  others: Int32Array,
  columns: number,
): { sites: Int32Array; targetRows: Int32Array } {
  const sites = findRows(target, others, columns);
  const targetRows = new Int32Array(others.length / columns).fill(-1);
  sites.forEach((site, row) => site >= 0 && (targetRows[site] = row));
  return { sites, targetRows };
}

/** For each row of `queries`, in any order, the row of `sites` that equals it, or -1: a binary search. */
export function findRows(queries: Int32Array, sites: Int32Array, columns: number): Int32Array {
  return Int32Array.from({ length: queries.length / columns }, (_, query) => {
    let first = 0;
    let end = sites.length / columns;
    while (first < end) {
      const middle = (first + end) >> 1;
      if (compareRows(sites, middle * columns, queries, query * columns, columns) < 0) first = middle + 1;
      else end = middle;
    }
    return compareRows(sites, first * columns, queries, query * columns, columns) === 0 ? first : -1;
  });
}

/** Negative when the row at `a[i]` comes before the row at `b[j]`; what lies behind the last row comes after all. */
function compareRows(a: Int32Array, i: number, b: Int32Array, j: number, columns: number): number {
  if (i === a.length || j === b.length) return Number(i === a.length) - Number(j === b.length);
  for (let column = 0; column < columns; column++) {
    const difference = a[i + column] - b[j + column];
    if (difference !== 0) return difference;
  }
  return 0;
}
