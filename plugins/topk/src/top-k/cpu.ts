import type { CpuKernel } from '@tfjs-sparse/core';
import type { TopK, TopKGradient } from './attributes.js';
import { rowsOf } from './rows-of.js';

export const topK: CpuKernel<TopK> = ({ x }, { k, width }) => {
  const rows = rowsOf(x.shape);
  const shape = [...x.shape.slice(0, -1), k];
  const values = new Float32Array(rows * k);
  const indices = new Int32Array(rows * k);
  for (let row = 0; row < rows; row++) {
    const ofRow = x.values.subarray(row * width, (row + 1) * width);
    // Sorting keeps the order of equal ones.
    const greatest = [...ofRow.keys()].sort((a, b) => descending(ofRow[a], ofRow[b])).slice(0, k);
    indices.set(greatest, row * k);
    values.set(
      greatest.map((index) => ofRow[index]),
      row * k,
    );
  }
  return { values: { shape, values }, indices: { shape, values: indices } };
};

/** Negative where a comes first. */
function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a === b ? 0 : b - a; // infinities have no difference
}

export const topKGradient: CpuKernel<TopKGradient> = ({ dy, indices }, { width }) => {
  const k = dy.shape[dy.shape.length - 1];
  const dx = new Float32Array(rowsOf(dy.shape) * width);
  dy.values.forEach((gradient, i) => (dx[Math.floor(i / k) * width + indices.values[i]] = gradient));
  return { dx: { shape: [...dy.shape.slice(0, -1), width], values: dx } };
};
