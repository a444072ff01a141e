import type { CpuKernel } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import type { TakeEntries, ToDense } from './attributes.js';

export const toDenseCpu: CpuKernel<ToDense> = ({ values, indices }, { width }) => {
  const shape = [...indices.shape.slice(0, -1), width];
  const dense = new Float32Array(rowsOf(shape) * width);
  const k = indices.shape[indices.shape.length - 1];
  indices.values.forEach((index, entry) => {
    if (index >= 0) dense[Math.floor(entry / k) * width + index] += values.values[entry];
  });
  return { dense: { shape, values: dense } };
};

export const takeEntriesCpu: CpuKernel<TakeEntries> = ({ x, indices }) => {
  const width = x.shape[x.shape.length - 1];
  const k = indices.shape[indices.shape.length - 1];
  const values = Float32Array.from(indices.values, (index, entry) =>
    index >= 0 ? x.values[Math.floor(entry / k) * width + index] : 0,
  );
  return { values: { shape: indices.shape, values } };
};
