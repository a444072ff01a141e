import type { CpuKernel } from '@tfjs-sparse/core';
import { inDescendingOrder } from '../top-k/cpu.js';
import type { BatchTopK } from './attributes.js';

export const batchTopKCpu: CpuKernel<BatchTopK> = ({ x }, { count }) => {
  const indices = Int32Array.from(inDescendingOrder(x.values).slice(0, count)).sort();
  const values = Float32Array.from(indices, (index) => x.values[index]);
  return { values: { shape: [count], values }, indices: { shape: [count], values: indices } };
};
