import type { CpuKernel } from '@tfjs-sparse/core';
import type { SumPointsAttrs } from './sum-points.js';

export const sumPoints: CpuKernel<'points', SumPointsAttrs> = ({ points }, { map, isMean }) => {
  const channels = points.shape[1];
  const sites = map.starts.length - 1;
  const values = new Float32Array(sites * channels);
  for (let site = 0; site < sites; site++) {
    const pointsOfSite = map.order.subarray(map.starts[site], map.starts[site + 1]);
    for (let channel = 0; channel < channels; channel++) {
      // Ascending values make the float64 sum, rounded once, independent of the order of the points.
      const ascending = Float32Array.from(pointsOfSite, (point) => points.values[point * channels + channel]).sort();
      const sum = ascending.reduce((total, value) => total + value, 0);
      values[site * channels + channel] = isMean ? sum / ascending.length : sum;
    }
  }
  return { shape: [sites, channels], values };
};
