import { derivedKey, type CompressedRows, type WebgpuKernel } from '@tfjs-sparse/core';
import { joinTables } from '../join-tables.js';
import type { RowDots, Spgemm } from './attributes.js';

const joinedTables = derivedKey<Int32Array>();
const placeTables = derivedKey<Int32Array>();

/** As dot products of the rows of a with the columns of b: threads cannot add to each other's sums. */
export const spgemm: WebgpuKernel<Spgemm> = ({ aValues, bValues }, attrs, gpu) => ({
  values: rowDots({ xValues: aValues, yValues: bValues }, rowDotsOf(attrs), gpu).dots,
});

export function rowDotsOf({ a, b, product }: Spgemm['attrs']): RowDots['attrs'] {
  return { x: a, y: b.transposed, pairs: product };
}

export const rowDots: WebgpuKernel<RowDots> = ({ xValues, yValues }, { x, y, pairs }, gpu) => {
  const outputShape = [pairs.entryCount];
  const isEmpty = pairs.entryCount === 0 || x.entryCount === 0 || y.entryCount === 0;
  if (isEmpty) return { dots: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per pair of rows: entries of x ascending, and of each the entries of y in the same column.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = pairs[index];
      let other = pairs[uniforms.size + index];
      var sum = 0.0;
      for (var i = x[row]; i < x[row + 1]; i++) {
        let column = x[uniforms.xColumns + i];
        for (var j = y[other]; j < y[other + 1]; j++) {
          if (y[uniforms.yColumns + j] == column) { sum += xValues[${placeCode('x', x)}] * yValues[${placeCode('y', y)}]; }
        }
      }
      result[index] = sum;
    }`;
  const tables = { x: gpu.table(joinedTable(x)), y: gpu.table(joinedTable(y)), pairs: gpu.table(placesTable(pairs)) };
  const dots = gpu.run({
    key: `sparseRowDots${x.order ? ' xOrder' : ''}${y.order ? ' yOrder' : ''}`,
    outputShape,
    inputs: { xValues, yValues, ...tables },
    uniforms: {
      xColumns: x.rowCount + 1,
      xOrder: x.rowCount + 1 + x.entryCount,
      yColumns: y.rowCount + 1,
      yOrder: y.rowCount + 1 + y.entryCount,
    },
    code,
  });
  return { dots };
};

/** Where the value of entry i of x, or j of y, lies. */
function placeCode(name: 'x' | 'y', { order }: CompressedRows): string {
  const entry = name === 'x' ? 'i' : 'j';
  return order ? `${name}[uniforms.${name}Order + ${entry}]` : entry;
}

/** starts, columns and order in one table. */
export function joinedTable(rows: CompressedRows): Int32Array {
  const { starts, columns, order = new Int32Array(0) } = rows;
  return rows.derived(joinedTables, (own) => own(joinTables(starts, columns, order)));
}

/** rows and columns in one table. */
export function placesTable(rows: CompressedRows): Int32Array {
  return rows.derived(placeTables, (own) => own(joinTables(rows.rows, rows.columns)));
}
