import { mul, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { OpDefinition } from '../../op/definition.js';
import { runOp } from '../../op/run.js';
import type { CompressedRows } from '../compressed-rows.js';
import { entryTables } from '../factors.js';
import type { GatherRows, SumRows } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import { sumSteps } from './sum-steps.js';
import * as webgpu from './webgpu.js';

/** The sums of the rows; rows of one entry at most are copied, which needs one table in place of two. */
export function sumOf(x: Tensor, rows: CompressedRows, isMean = false): Tensor {
  if (rows.index) return runOp(gatherRowsOp, { x }, { rows }).y;
  return runOp(sumRowsOp, { x }, { rows, isMean }).y;
}

/** `dy` of the means as `dy` of the sums. */
export function overCounts(dy: Tensor, { starts, rowCount }: CompressedRows): Tensor {
  const shares = new Float32Array(rowCount).map((_, row) => 1 / Math.max(starts[row + 1] - starts[row], 1));
  return mul(dy, tensor2d(shares, [rowCount, 1]) as Tensor2D);
}

export const gatherRowsOp: OpDefinition<GatherRows> = {
  name: 'SparseGatherRows',
  inputs: { x: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.gatherRows, wasm: wasm.gatherRows, webgpu: webgpu.gatherRows },
  gradient: { save: [], gradients: ({ y }, _saved, { rows }) => ({ x: () => sumOf(y, rows.transposed) }) },
  tables: ({ rows }) => [rows.index!],
};

export const sumRowsOp: OpDefinition<SumRows> = {
  name: 'SparseSumRows',
  inputs: { x: 'float32', values: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.sumRows, wasm: wasm.sumRows, webgpu: webgpu.sumRows },
  gradient: {
    save: [],
    gradients: ({ y }, _saved, { rows, isMean }) => ({
      x: () => sumOf(isMean ? overCounts(y, rows) : y, rows.transposed),
    }),
  },
  tables: ({ rows }) => [...entryTables(rows), ...sumSteps(rows)],
};
