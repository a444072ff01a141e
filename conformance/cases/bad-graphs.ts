import * as tf from '@tensorflow/tfjs-core';
import type { Graph, SparseOps } from '../src/ops.js';
import type { CallCase } from '../src/run-call.js';

const triangle: Graph = { shape: [3, 3], rows: [0, 1, 2], columns: [1, 2, 0] };

/** Graphs and features that `graphAggregate` must refuse. */
export const badGraphs: readonly CallCase[] = [
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
    error: 'RangeError: SparseMatrix: columns[1] must be an integer from 0 to below 3, got 0.5',
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
    call: (ops) => ops.graphAggregate(triangle, tf.ones([2]), tf.ones([3, 4]), 'sum'),
    error: 'RangeError: SparseMatrix: values must have shape [3], got [2]',
  },
  {
    id: 'graph-aggregate/integer-values',
    call: (ops) => ops.graphAggregate(triangle, tf.ones([3], 'int32'), tf.ones([3, 4]), 'sum'),
    error: 'TypeError: SparseMatrix: values must be float32, got int32',
  },
  {
    id: 'graph-aggregate/too-few-nodes',
    call: (ops) => ops.graphAggregate(triangle, undefined, tf.ones([2, 4]), 'sum'),
    error: 'RangeError: graphAggregate: x must have shape [3, features] (one row per column of the matrix), got [2, 4]',
  },
  {
    id: 'graph-aggregate/integer-features',
    call: (ops) => ops.graphAggregate(triangle, undefined, tf.ones([3, 4], 'int32'), 'sum'),
    error: 'TypeError: graphAggregate: x must be float32, got int32',
  },
  {
    id: 'graph-aggregate/unknown-reduction',
    call: aggregate(triangle, 'median'),
    error: "RangeError: graphAggregate: reduction must be 'sum', 'mean' or 'max', got median",
  },
  {
    id: 'spgemm/other-inner',
    call: (ops) => ops.spgemm(triangle, undefined, { ...triangle, shape: [4, 3] }, undefined),
    error: 'RangeError: spgemm: b must have 3 rows (as a has columns), got 4',
  },
];

function aggregate(graph: Graph, reduction = 'sum') {
  return (ops: Required<SparseOps>) => ops.graphAggregate(graph, undefined, tf.ones([3, 4]), reduction);
}
