import { CompressedRows } from '../sparse-matrix/compressed-rows.js';

/** By left, then right operand; a product goes with its operands. */
const products = new WeakMap<CompressedRows, WeakMap<CompressedRows, CompressedRows>>();

/** Where the product of two matrices has entries: wherever two entries meet, also if their products add up to 0. */
export function productEntries(a: CompressedRows, b: CompressedRows): CompressedRows {
  let ofLeft = products.get(a);
  if (!ofLeft) products.set(a, (ofLeft = new WeakMap()));
  let product = ofLeft.get(b);
  if (!product) ofLeft.set(b, (product = multiply(a, b)));
  return product;
}

/** Row by row: the union of the rows of b that the row of a names (Gustavson, 1978), sorted. */
function multiply(a: CompressedRows, b: CompressedRows): CompressedRows {
  const starts = new Int32Array(a.rowCount + 1);
  const seenIn = new Int32Array(b.columnCount).fill(-1);
  let columns: Int32Array = new Int32Array(Math.max(a.entryCount + b.entryCount, 16));
  let count = 0;
  for (let row = 0; row < a.rowCount; row++) {
    if (columns.length < count + b.columnCount) columns = resized(columns, 2 * (count + b.columnCount));
    const first = count;
    for (let i = a.starts[row]; i < a.starts[row + 1]; i++) {
      const end = b.starts[a.columns[i] + 1];
      for (let j = b.starts[a.columns[i]]; j < end; j++) {
        const column = b.columns[j];
        if (seenIn[column] === row) continue;
        seenIn[column] = row;
        columns[count++] = column;
      }
    }
    columns.subarray(first, count).sort();
    starts[row + 1] = count;
  }
  return new CompressedRows(a.rowCount, b.columnCount, starts, columns.slice(0, count));
}

function resized(values: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(values);
  return larger;
}
