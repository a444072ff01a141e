import type { CpuKernel } from '@tfjs-sparse/core';
import type { SumPoints } from './attributes.js';

export const sumPoints: CpuKernel<SumPoints> = ({ points }, { rows, isMean }) => {
  const channels = points.shape[1];
  const values = new Float32Array(rows.rowCount * channels);
  for (let site = 0; site < rows.rowCount; site++) {
    const pointsOfSite = rows.columns.subarray(rows.starts[site], rows.starts[site + 1]);
    for (let channel = 0; channel < channels; channel++) {
      // Ascending values make the float64 sum, rounded once, independent of the order of the points.
      const ascending = Float32Array.from(pointsOfSite, (point) => points.values[point * channels + channel]).sort();
      const sum = ascending.reduce((total, value) => total + value, 0);
      values[site * channels + channel] = isMean ? sum / ascending.length : sum;
    }
  }
  return { sums: { shape: [rows.rowCount, channels], values } };
};
