import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { RowList } from '../row-list.js';
import { weightedRowsCpu } from './cpu.js';
import { weightedRowsWasm } from './wasm.js';
import { weightedRowsWebgpu } from './webgpu.js';

export interface RowListAttrs {
  readonly list: RowList;
}

/**
 * Sums rows with factors: `y[target] = sum over the entries of target of weight * x[source]`, a product with a sparse
 * matrix. The gradient is the product with its transpose.
 *
 * @param x  `[sources, channels]`
 * @returns  `[targets, channels]`; zeros for a target without entries
 */
export function weightedRows(x: Tensor2D, list: RowList): Tensor2D {
  return runOp(weightedRowsOp, { x }, { list }) as Tensor2D;
}

export const weightedRowsOp: OpDefinition<'x', RowListAttrs> = {
  name: 'SparseWeightedRows',
  kernels: { cpu: weightedRowsCpu, wasm: weightedRowsWasm, webgpu: weightedRowsWebgpu },
  gradient: {
    save: [],
    gradients: (dy, _saved, { list }) => ({ x: () => weightedRows(dy as Tensor2D, list.transposed()) }),
  },
  tables: ({ list }) => [list.starts, list.sources, list.weightBits],
};
