import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import * as maxRows from '../max-rows/kernels.js';
import type { RowList } from '../row-list.js';
import type { RowListAttrs } from '../weighted-rows/op.js';
import { maxWindowsGradientCpu } from './cpu.js';
import { maxWindowsGradientWasm } from './wasm.js';
import { maxWindowsGradientWebgpu } from './webgpu.js';

/**
 * The greatest of the rows of each target, per channel; zeros for a target without entries. A NaN wins. The gradient
 * goes to the greatest row; of equal ones to the lowest source row.
 *
 * @param x  `[sources, channels]`
 * @returns  `[targets, channels]`
 */
export function maxWindows(x: Tensor2D, list: RowList): Tensor2D {
  return runOp(maxWindowsOp, { x }, { list }) as Tensor2D;
}

/** Rows of a list as the kernels of maxRows read them. */
const rowsOf = ({ list: { starts, sources } }: RowListAttrs) => ({ map: { starts, order: sources } });

export const maxWindowsOp: OpDefinition<'x', RowListAttrs> = {
  name: 'SparseMaxWindows',
  kernels: {
    cpu: ({ x }, attrs) => maxRows.cpu({ y: x }, rowsOf(attrs)),
    wasm: ({ x }, attrs, wasm) => maxRows.wasm({ y: x }, rowsOf(attrs), wasm),
    webgpu: ({ x }, attrs, gpu) => maxRows.webgpu({ y: x }, rowsOf(attrs), gpu),
  },
  gradient: {
    save: ['x'],
    saveOutput: true,
    gradients: (dy, [x, y], attrs) => ({ x: () => runOp(maxWindowsGradientOp, { dy, x, y }, attrs) }),
  },
  tables: ({ list }) => [list.starts, list.sources],
};

export const maxWindowsGradientOp: OpDefinition<'dy' | 'x' | 'y', RowListAttrs> = {
  name: 'SparseMaxWindowsGradient',
  kernels: { cpu: maxWindowsGradientCpu, wasm: maxWindowsGradientWasm, webgpu: maxWindowsGradientWebgpu },
  tables: ({ list }) => [list.starts, list.sources, list.transposed().starts, list.transposed().sources],
};
