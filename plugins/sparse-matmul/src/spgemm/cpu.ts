import type { CompressedRows, CpuKernel, HostTensor } from '@tfjs-sparse/core';
import type { RowDots, Spgemm } from './attributes.js';

export const spgemm: CpuKernel<Spgemm> = ({ aValues, bValues }, { a, b, product }) => {
  const values = new Float32Array(product.entryCount);
  for (let row = 0; row < a.rowCount; row++) {
    const sums = new Map<number, number>();
    for (const [inner, aValue] of entriesOf(a, row, aValues)) {
      for (const [column, bValue] of entriesOf(b, inner, bValues)) {
        sums.set(column, (sums.get(column) ?? 0) + aValue * bValue);
      }
    }
    for (let i = product.starts[row]; i < product.starts[row + 1]; i++) values[i] = sums.get(product.columns[i])!;
  }
  return { values: { shape: [values.length], values } };
};

export const rowDots: CpuKernel<RowDots> = ({ xValues, yValues }, { x, y, pairs }) => {
  const values = new Float32Array(pairs.entryCount).map((_, pair) => {
    let sum = 0;
    for (const [xColumn, xValue] of entriesOf(x, pairs.rows[pair], xValues)) {
      for (const [yColumn, yValue] of entriesOf(y, pairs.columns[pair], yValues)) {
        if (xColumn === yColumn) sum += xValue * yValue;
      }
    }
    return sum;
  });
  return { dots: { shape: [values.length], values } };
};

/** Column and value of the entries of a row. */
function entriesOf({ starts, columns, order }: CompressedRows, row: number, { values }: HostTensor) {
  return Array.from({ length: starts[row + 1] - starts[row] }, (_, i): [column: number, value: number] => {
    const entry = starts[row] + i;
    return [columns[entry], values[order ? order[entry] : entry]];
  });
}
