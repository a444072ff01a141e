import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { SumPointsAttrs } from './sum-points.js';

interface SumPointsExports {
  sumPoints(
    points: number,
    starts: number,
    order: number,
    sums: number,
    values: number,
    sites: number,
    channels: number,
    isMean: boolean,
  ): void;
}

export const sumPoints: WasmKernel<'points', SumPointsAttrs> = ({ points }, { map, isMean }, wasm) => {
  const channels = points.shape[1];
  const sites = map.starts.length - 1;
  const starts = wasm.table(map.starts);
  const order = wasm.table(map.order);
  const sums = wasm.output([sites, channels]);
  const values = wasm.scratch(mostPoints(map.starts) * Float32Array.BYTES_PER_ELEMENT);
  wasm
    .load<SumPointsExports>(binaries)
    .sumPoints(points.pointer, starts, order, sums.pointer, values, sites, channels, isMean);
  return sums;
};

/** Points of the site that has most. */
function mostPoints(starts: Int32Array): number {
  let most = 0;
  for (let site = 1; site < starts.length; site++) most = Math.max(most, starts[site] - starts[site - 1]);
  return most;
}
