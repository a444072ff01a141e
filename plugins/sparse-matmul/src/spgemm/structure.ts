import { CompressedRows, derivedKey } from '@tfjs-sparse/core';

const products = derivedKey<CompressedRows>();

/** Where the product of two matrices has entries: wherever two entries meet, also if their products add up to 0. */
export function productEntries(a: CompressedRows, b: CompressedRows): CompressedRows {
  return a.derived(products.with(b), () => multiply(a, b)); // it belongs to the matrices on it: an operand does not free it
}

/** Row by row: the union of the rows of b that the row of a names (Gustavson, 1978), sorted. */
function multiply(a: CompressedRows, b: CompressedRows): CompressedRows {
  const starts = new Int32Array(a.rowCount + 1);
  const seenIn = new Int32Array(b.columnCount).fill(-1);
  let columns: Int32Array = new Int32Array(Math.max(a.entryCount + b.entryCount, 16));
  let count = 0;
  for (let row = 0; row < a.rowCount; row++) {
    if (columns.length < count + b.columnCount) columns = resized(columns, 2 * (count + b.columnCount));
    for (let i = a.starts[row]; i < a.starts[row + 1]; i++) {
      const end = b.starts[a.columns[i] + 1];
      for (let j = b.starts[a.columns[i]]; j < end; j++) {
        const column = b.columns[j];
        if (seenIn[column] === row) continue;
        seenIn[column] = row;
        columns[count++] = column;
      }
    }
    starts[row + 1] = count;
  }
  return CompressedRows.from([a.rowCount, b.columnCount], starts, sortedRows(starts, columns, b.columnCount));
}

/**
 * The columns of each row, ascending: rows are dealt out to the columns, and these, in order, back to the rows. With it a
 * structure takes 0.7 to 0.8 of the time that it takes with each row sorted.
 */
function sortedRows(starts: Int32Array, columns: Int32Array, columnCount: number): Int32Array {
  const rowCount = starts.length - 1;
  const count = starts[rowCount];
  const next = new Int32Array(columnCount + 1);
  for (let i = 0; i < count; i++) next[columns[i] + 1]++;
  for (let column = 0; column < columnCount; column++) next[column + 1] += next[column];
  const rows = new Int32Array(count);
  for (let row = 0; row < rowCount; row++) {
    for (let i = starts[row]; i < starts[row + 1]; i++) rows[next[columns[i]]++] = row;
  }
  const sorted = new Int32Array(count);
  const nextOfRow = starts.slice();
  for (let column = 0, i = 0; column < columnCount; column++) {
    for (; i < next[column]; i++) sorted[nextOfRow[rows[i]]++] = column; // next[column] is where the column ends by now
  }
  return sorted;
}

function resized(values: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(values);
  return larger;
}
