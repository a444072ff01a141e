import { add, zeros, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { OpDefinition } from '../../op/definition.js';
import { runOp } from '../../op/run.js';
import type { ColumnSums } from './attributes.js';
import { columnSumsCpu, columnSumsWasm } from './kernels.js';
import { columnSumsWebgpu } from './webgpu.js';

/**
 * Sums over all rows: the gradient of a bias. tfjs' `sum` along axis 0 transposes first on the wasm backend (seven times
 * slower), and of no rows it returns what it finds in memory.
 *
 * @param x `[rows, channels]`
 * @returns `[channels]`, accumulated in float64 over blocks of rows (cpu, wasm)
 */
export function columnSums(x: Tensor2D): Tensor1D {
  return runOp(columnSumsOp, { x }, {}).sums as Tensor1D;
}

export const columnSumsOp: OpDefinition<ColumnSums> = {
  name: 'SparseColumnSums',
  inputs: { x: 'float32' },
  outputs: { sums: 'float32' },
  kernels: { cpu: columnSumsCpu, wasm: columnSumsWasm, webgpu: columnSumsWebgpu },
  gradient: {
    save: ['x'],
    gradients: ({ sums }, { x }) => ({ x: () => add(zeros(x.shape), sums) }),
  },
};
