import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import type { CallCase } from '../../src/run-call.js';
import type { Entries } from './shared/entries.js';

const triangle: Entries = { shape: [3, 3], rows: [0, 1, 2], columns: [1, 2, 0] };

/** Graphs and features that `graphAggregate` must refuse. */
export const calls: readonly CallCase[] = [
  {
    id: 'graph-aggregate/row-outside',
    call: aggregate({ ...triangle, rows: [0, 3, -1] }),
    error: 'RangeError: SparseMatrix: rows[1] must be an integer from 0 to below 3, got 3',
  },
  {
    id: 'graph-aggregate/column-outside',
    call: aggregate({ ...triangle, columns: [1, 2, -1] }),
    error: 'RangeError: SparseMatrix: columns[2] must be an integer from 0 to below 3, got -1',
  },
  {
    id: 'graph-aggregate/column-no-integer',
    call: aggregate({ ...triangle, columns: [1, 0.5, 0] }),
    error: 'RangeError: SparseMatrix: columns must be integers of 32 bits, got 0.5 at 1',
  },
  {
    id: 'graph-aggregate/unequal-lists',
    call: aggregate({ ...triangle, columns: [1] }),
    error: 'RangeError: SparseMatrix: edges must have as many rows (3) as columns, got 1',
  },
  {
    id: 'graph-aggregate/negative-shape',
    call: aggregate({ ...triangle, shape: [3, -3] }),
    error: 'RangeError: SparseMatrix: shape must be two integers >= 0, got [3, -3]',
  },
  {
    id: 'graph-aggregate/too-few-values',
    call: () => ops.graphAggregate(tf.ones([3, 4]), matrixOf(triangle, tf.ones([2]))),
    error: 'RangeError: SparseMatrix: values must have shape [3], got [2]',
  },
  {
    id: 'graph-aggregate/integer-values',
    call: () => ops.graphAggregate(tf.ones([3, 4]), matrixOf(triangle, tf.ones([3], 'int32'))),
    error: 'TypeError: SparseMatrix: values must be float32, got int32',
  },
  {
    id: 'graph-aggregate/too-few-nodes',
    call: () => ops.graphAggregate(tf.ones([2, 4]), matrixOf(triangle)),
    error: 'RangeError: graphAggregate: x must have shape [3, features] (one row per column of the matrix), got [2, 4]',
  },
  {
    id: 'graph-aggregate/integer-features',
    call: () => ops.graphAggregate(tf.ones([3, 4], 'int32'), matrixOf(triangle)),
    error: 'TypeError: graphAggregate: x must be float32, got int32',
  },
  {
    id: 'graph-aggregate/unknown-reduction',
    call: aggregate(triangle, 'median' as 'sum'),
    error: "RangeError: graphAggregate: reduction must be 'sum', 'mean' or 'max', got median",
  },
  {
    id: 'spgemm/other-inner',
    call: () => ops.spgemm(matrixOf(triangle), matrixOf({ ...triangle, shape: [4, 3] })),
    error: 'RangeError: spgemm: b must have 3 rows (as a has columns), got 4',
  },
];

function aggregate(graph: Entries, reduction?: ops.Reduction) {
  return () => ops.graphAggregate(tf.ones([3, 4]), matrixOf(graph), { reduction });
}

function matrixOf(graph: Entries, values?: tf.Tensor1D): ops.SparseMatrix {
  return ops.SparseMatrix.fromEdges(graph, graph.shape, values);
}
