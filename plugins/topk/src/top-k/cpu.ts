import type { CpuKernel } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import type { TopK } from './attributes.js';

export const topKCpu: CpuKernel<TopK> = ({ x }, { k, counts, width }) => {
  const rows = rowsOf(x.shape);
  const shape = [...x.shape.slice(0, -1), k];
  const values = new Float32Array(rows * k);
  const indices = new Int32Array(rows * k).fill(-1);
  for (let row = 0; row < rows; row++) {
    const ofRow = x.values.subarray(row * width, (row + 1) * width);
    const greatest = inDescendingOrder(ofRow).slice(0, counts ? counts[row] : k);
    indices.set(greatest, row * k);
    values.set(
      greatest.map((index) => ofRow[index]),
      row * k,
    );
  }
  return { values: { shape, values }, indices: { shape, values: indices } };
};

/** The indices of the values, the greatest first: NaN is above all, and of equal ones the lower index is first. */
export function inDescendingOrder(values: Float32Array): number[] {
  return [...values.keys()].sort((a, b) => descending(values[a], values[b])); // sorting keeps the order of equal ones
}

/** Negative where a comes first. */
function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a === b ? 0 : b - a; // infinities have no difference
}
