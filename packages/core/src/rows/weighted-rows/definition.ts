import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpDefinition } from '../../op/definition.js';
import { runOp } from '../../op/run.js';
import type { CompressedRows } from '../compressed-rows.js';
import { entryProductsOp } from '../entry-products/definition.js';
import { valueTables } from '../factors.js';
import { argmaxRowsOp, maxRowsGradientOp, maxRowsOp } from '../max-rows/definition.js';
import { overCounts, sumRowsOp } from '../sum-rows/definition.js';
import { sumSteps } from '../sum-rows/sum-steps.js';
import type { WeightedMaxRows, WeightedSumRows } from './attributes.js';

// The ops of `reduceRows` with a tensor of values, which their gradients reach: apart, because tfjs saves a fixed list of
// inputs, and because sites never need them.

export const weightedSumRowsOp: OpDefinition<WeightedSumRows> = {
  name: 'SparseWeightedSumRows',
  inputs: { x: 'float32', values: 'float32' },
  outputs: { y: 'float32' },
  kernels: sumRowsOp.kernels,
  gradient: {
    save: ['x', 'values'],
    gradients: ({ y }, { x, values }, { rows, isMean }) => {
      const dy = () => (isMean ? overCounts(y, rows) : y);
      return {
        x: () => runOp(weightedSumRowsOp, { x: dy(), values }, { rows: rows.transposed, isMean: false }).y,
        values: () => valueGradient(dy(), x, rows),
      };
    },
  },
  tables: ({ rows }) => [...valueTables(rows), ...sumSteps(rows)],
};

export const weightedMaxRowsOp: OpDefinition<WeightedMaxRows> = {
  name: 'SparseWeightedMaxRows',
  inputs: { x: 'float32', values: 'float32' },
  outputs: { y: 'float32' },
  kernels: maxRowsOp.kernels,
  gradient: {
    save: ['x', 'values'],
    gradients: ({ y: dy }, { x, values }, { rows }) => {
      const places = () => runOp(argmaxRowsOp, { x, values }, { rows }).places;
      return {
        x: () => runOp(maxRowsGradientOp, { dy, places: places(), values }, { rows }).dx,
        values: () => runOp(entryProductsOp, { a: dy, b: x, places: places() }, { rows }).products,
      };
    },
  },
  tables: ({ rows }) => valueTables(rows),
};

/** In the order of the values; transposed rows (the gradient's gradient) compute on the original. */
function valueGradient(dy: Tensor, x: Tensor, rows: CompressedRows): Tensor {
  if (rows.order) return runOp(entryProductsOp, { a: x, b: dy }, { rows: rows.transposed }).products;
  return runOp(entryProductsOp, { a: dy, b: x }, { rows }).products;
}
