import { mul, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { gatherRows, runOp, type CompressedRows, type OpDefinition } from '@tfjs-sparse/core';
import type { SumPoints } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

/**
 * Sums the points of each site to the same bits for any order of the points.
 *
 * @param points  `[points, channels]`
 * @returns       `[sites, channels]`
 */
export function sumPoints(points: Tensor2D, attrs: SumPoints['attrs']): Tensor2D {
  return runOp(sumPointsOp, { points }, attrs).sums as Tensor2D;
}

const sumPointsOp: OpDefinition<SumPoints> = {
  name: 'SparseSumPoints',
  inputs: { points: 'float32' },
  outputs: { sums: 'float32' },
  kernels: { cpu: cpu.sumPoints, wasm: wasm.sumPoints, webgpu: webgpu.sumPoints },
  gradient: {
    save: [],
    gradients: ({ sums: dy }, _saved, { rows, isMean }) => ({
      points: () => gatherRows((isMean ? mul(dy, pointShares(rows)) : dy) as Tensor2D, rows.transposed),
    }),
  },
  tables: ({ rows }) => [rows.starts, rows.columns],
};

/** `[sites, 1]`: 1 / (number of points of the site). */
function pointShares({ starts }: CompressedRows): Tensor2D {
  const shares = Float32Array.from(starts.subarray(1), (end, site) => 1 / (end - starts[site]));
  return tensor2d(shares, [shares.length, 1]);
}
