import * as tf from '@tensorflow/tfjs-core';
import { sparseTensor } from '@tfjs-sparse/core';
import type { CallCase } from '../../src/run-call.js';

const outside = 2 ** 20;

/** Sites that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'sparse-tensor/duplicate-sites',
    call: sites([
      [0, 1, 2, 3],
      [0, 4, 5, 6],
      [0, 1, 2, 3],
    ]),
    error:
      'RangeError: CoordinateMap: coordinates must differ from each other (fromRows and fromPoints merge duplicates), got [0, 1, 2, 3] in rows 0 and 2',
  },
  {
    id: 'sparse-tensor/non-integer-coordinates',
    call: sites([[0, 1, 2.5, 3]]),
    error: 'RangeError: CoordinateMap: coordinates must be integers of 32 bits, got [0, 1, 2.5, 3] in row 0',
  },
  {
    id: 'sparse-tensor/nan-coordinates',
    call: sites([[0, 1, NaN, 3]]),
    error: 'RangeError: CoordinateMap: coordinates must be integers of 32 bits, got [0, 1, NaN, 3] in row 0',
  },
  {
    id: 'sparse-tensor/coordinates-above-21-bits',
    call: sites([
      [0, 1, 2, 3],
      [0, outside, 0, 0],
    ]),
    error: 'RangeError: CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 1048576, 0, 0] in row 1',
  },
  {
    id: 'sparse-tensor/coordinates-below-21-bits',
    call: sites([[0, 0, 0, -outside - 1]]),
    error: 'RangeError: CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 0, 0, -1048577] in row 0',
  },
  {
    id: 'sparse-tensor/coordinates-above-32-bits',
    call: sites([[0, 0, 0, 2 ** 32]]),
    error: 'RangeError: CoordinateMap: coordinates must be integers of 32 bits, got [0, 0, 0, 4294967296] in row 0',
  },
  {
    id: 'sparse-tensor/negative-batch',
    call: sites([[-1, 0, 0, 0]]),
    error: 'RangeError: CoordinateMap: batch indices must lie in [0, 32768), got [-1, 0, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/batch-beyond-size',
    call: sites([[2, 0, 0, 0]], { batchSize: 2 }),
    error: 'RangeError: CoordinateMap: batchSize must be at least 3 (1 + the largest batch index), got 2',
  },
  {
    id: 'sparse-tensor/batch-beyond-15-bits',
    call: sites([[2 ** 15, 0, 0, 0]]),
    error: 'RangeError: CoordinateMap: batch indices must lie in [0, 32768), got [32768, 0, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/short-row',
    call: sites([[0, 0, 0]]),
    error:
      'RangeError: CoordinateMap: coordinates must have 4 numbers per row (batch index and 3 axes), got [0, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/site-outside-of-shape',
    call: sites([[0, 4, 0, 0]], { spatialShape: [4, 4, 4] }),
    error: 'RangeError: CoordinateMap: coordinates must lie inside spatialShape [4, 4, 4], got [0, 4, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/rank-5',
    call: sites([[0, 0, 0, 0, 0, 0]], { rank: 5 }),
    error: 'RangeError: CoordinateMap: rank must be 1 to 4, got 5',
  },
  {
    id: 'sparse-tensor/too-few-features',
    call: () =>
      sparseTensor(
        tf.ones([1, 2]),
        [
          [0, 0, 0, 0],
          [0, 0, 0, 1],
        ],
        { rank: 3 },
      ),
    error: 'RangeError: sparseTensor: features must have shape [2, channels] (one row per coordinate), got [1, 2]',
  },
  {
    id: 'sparse-tensor/int32-features',
    call: () => sparseTensor(tf.ones([1, 2], 'int32'), [[0, 0, 0, 0]], { rank: 3 }),
    error: 'RangeError: sparseTensor: features must be float32, got int32',
  },
  {
    id: 'sparse-tensor/int32-in-any-order',
    call: () => sparseTensor(tf.ones([2, 1], 'int32'), [[0, 1], [0, 0]], { rank: 1 }), // prettier-ignore
    error: 'RangeError: sparseTensor: features must be float32, got int32',
  },
];

function sites(rows: readonly (readonly number[])[], options = {}) {
  return () => sparseTensor(tf.ones([rows.length, 2]), rows, { rank: 3, ...options });
}
