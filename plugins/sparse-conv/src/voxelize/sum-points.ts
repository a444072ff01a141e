import { mul, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { gatherRows, runOp, type OpDefinition, type RowMap } from '@tfjs-sparse/core';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export interface SumPointsAttrs {
  /** Targets are the points, sources the sites. */
  readonly map: RowMap;
  /** Divides the sum of each site by the number of its points. */
  readonly isMean: boolean;
}

/**
 * Sums the points of each site to the same bits for any order of the points.
 *
 * @param points  `[points, channels]`
 * @returns       `[sites, channels]`
 */
export function sumPoints(points: Tensor2D, attrs: SumPointsAttrs): Tensor2D {
  return runOp(sumPointsOp, { points }, attrs) as Tensor2D;
}

export const sumPointsOp: OpDefinition<'points', SumPointsAttrs> = {
  name: 'SparseSumPoints',
  kernels: { cpu: cpu.sumPoints, wasm: wasm.sumPoints, webgpu: webgpu.sumPoints },
  gradient: {
    save: [],
    gradients: (dy: Tensor, _saved, { map, isMean }) => ({
      points: () => gatherRows((isMean ? mul(dy, pointShares(map)) : dy) as Tensor2D, map),
    }),
  },
  tables: ({ map }) => [map.starts, map.order],
};

/** `[sites, 1]`: 1 / (number of points of the site). */
function pointShares({ starts }: RowMap): Tensor2D {
  const shares = Float32Array.from(starts.subarray(1), (end, site) => 1 / (end - starts[site]));
  return tensor2d(shares, [shares.length, 1]);
}
