import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition, type RowMap } from '@tfjs-sparse/core';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export interface RowMapAttrs {
  readonly map: RowMap;
}

/** What the maximum itself reads of a map. */
export interface TargetsAttrs {
  readonly map: Pick<RowMap, 'starts' | 'order'>;
}

/**
 * The greatest of the rows of each source, per channel; zeros for a source without targets. A NaN wins. The gradient
 * goes to the greatest rows; equal ones share it evenly, as in torch.amax.
 *
 * @param y  `[targets, channels]`
 * @returns  `[sources, channels]`
 */
export function maxRows(y: Tensor2D, map: RowMap): Tensor2D {
  return runOp(maxRowsOp, { y }, { map }) as Tensor2D;
}

export const maxRowsOp: OpDefinition<'y', RowMapAttrs> = {
  name: 'SparseMaxRows',
  kernels: { cpu: cpu.maxRows, wasm: wasm.maxRows, webgpu: webgpu.maxRows },
  gradient: {
    save: ['y'],
    saveOutput: true,
    gradients: (dx, [y, x], attrs) => ({ y: () => runOp(maxRowsGradientOp, { dx, y, x }, attrs) }),
  },
  tables: ({ map }) => [map.starts, map.order],
};

export const maxRowsGradientOp: OpDefinition<'dx' | 'y' | 'x', RowMapAttrs> = {
  name: 'SparseMaxRowsGradient',
  kernels: { cpu: cpu.maxRowsGradient, wasm: wasm.maxRowsGradient, webgpu: webgpu.maxRowsGradient },
  tables: ({ map }) => [map.index, map.starts, map.order],
};
