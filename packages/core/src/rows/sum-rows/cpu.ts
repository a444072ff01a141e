import type { CpuKernel } from '../../op/definition.js';
import { factorOf } from '../factors.js';
import type { GatherRows, SumRows } from './attributes.js';

export const gatherRows: CpuKernel<GatherRows> = ({ x }, { rows }) => {
  const channels = x.shape[1];
  const values = new Float32Array(rows.rowCount * channels);
  rows.index!.forEach((column, row) => {
    if (column >= 0) values.set(x.values.subarray(column * channels, (column + 1) * channels), row * channels);
  });
  return { y: { shape: [rows.rowCount, channels], values } };
};

export const sumRows: CpuKernel<SumRows> = ({ x, values }, { rows, isMean }) => {
  const channels = x.shape[1];
  const { starts, columns } = rows;
  const factor = factorOf(rows, values);
  const sums = new Float32Array(rows.rowCount * channels);
  for (let i = 0; i < sums.length; i++) {
    const row = Math.floor(i / channels);
    let sum = 0;
    for (let entry = starts[row]; entry < starts[row + 1]; entry++) {
      sum += factor(entry) * x.values[columns[entry] * channels + (i % channels)];
    }
    sums[i] = isMean ? sum / Math.max(starts[row + 1] - starts[row], 1) : sum;
  }
  return { y: { shape: [rows.rowCount, channels], values: sums } };
};
