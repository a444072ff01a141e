import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { CompressedRows } from '../sparse-matrix/compressed-rows.js';
import type { RowDotsAttrs, SpgemmAttrs } from './op.js';

/** As dot products of the rows of a with the columns of b: threads cannot add to each other's sums. */
export const spgemm: WebgpuKernel<'aValues' | 'bValues', SpgemmAttrs> = ({ aValues, bValues }, attrs, gpu) =>
  rowDots({ xValues: aValues, yValues: bValues }, rowDotsOf(attrs), gpu);

export function rowDotsOf({ a, b, product }: SpgemmAttrs): RowDotsAttrs {
  return { x: a, y: b.transposed, pairs: product };
}

export const rowDots: WebgpuKernel<'xValues' | 'yValues', RowDotsAttrs> = ({ xValues, yValues }, attrs, gpu) => {
  const { x, y, pairs } = attrs;
  const outputShape = [pairs.entryCount];
  if (pairs.entryCount === 0 || x.entryCount === 0 || y.entryCount === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
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
  const numbers = [x.rowCount + 1, x.rowCount + 1 + x.entryCount, y.rowCount + 1, y.rowCount + 1 + y.entryCount];
  return gpu.run(
    {
      key: `sparseRowDots${x.order ? ' xOrder' : ''}${y.order ? ' yOrder' : ''}`,
      outputShape,
      inputNames: ['xValues', 'yValues', 'x', 'y', 'pairs'],
      uniforms: 'xColumns : i32, xOrder : i32, yColumns : i32, yOrder : i32,',
      code,
    },
    [xValues, yValues, gpu.table(x.joined), gpu.table(y.joined), gpu.table(pairs.places)],
    numbers.map((value) => ({ type: 'int32', data: [value] })),
  );
};

/** Where the value of entry i of x, or j of y, lies. */
function placeCode(name: 'x' | 'y', { order }: CompressedRows): string {
  const entry = name === 'x' ? 'i' : 'j';
  return order ? `${name}[uniforms.${name}Order + ${entry}]` : entry;
}
