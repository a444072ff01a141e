import * as tf from '@tensorflow/tfjs-core';
import { SparseMatrix } from './sparse-matrix.js';

describe('SparseMatrix', () => {
  it('sorts edges by row, then column, and their values with them', async () => {
    const edges = { rows: [2, 0, 2, 0], columns: [1, 2, 0, 2] };
    const matrix = SparseMatrix.fromEdges(edges, [3, 3], tf.tensor1d([1, 2, 3, 4]));
    expect([...matrix.starts]).toEqual([0, 2, 2, 4]);
    expect([...matrix.columns]).toEqual([2, 2, 0, 1]);
    expect(await matrix.values!.array()).toEqual([2, 4, 3, 1]);
    expect(await matrix.toDense().array()).toEqual([
      [0, 0, 6],
      [0, 0, 0],
      [3, 1, 0],
    ]);
  });

  it('holds what of a dense matrix is not 0', async () => {
    const dense = tf.tensor2d([0, 5, 0, NaN, 0, 7], [2, 3]);
    const matrix = await SparseMatrix.fromDense(dense);
    expect([...matrix.starts]).toEqual([0, 1, 3]);
    expect([...matrix.columns]).toEqual([1, 0, 2]);
    expect(await matrix.toDense().array()).toEqual([
      [0, 5, 0],
      [NaN, 0, 7],
    ]);
    const empty = await SparseMatrix.fromDense(tf.zeros([2, 0]));
    expect([...empty.starts]).toEqual([0, 0, 0]);
  });

  const bad: [string, readonly number[], readonly number[], string][] = [
    ['too few starts', [0, 2], [0, 1], 'starts must have 3 entries, got 2'],
    ['a first start that is not 0', [1, 1, 2], [0, 1], 'starts must begin with 0, got 1'],
    ['a last start that is not the number of entries', [0, 1, 3], [0, 1], 'starts must end with 2, got 3'],
    ['falling starts', [0, 3, 2], [0, 1], 'starts must ascend (row 1), got 2'],
    ['a column outside', [0, 1, 2], [0, 4], 'columns[1] must be an integer from 0 to below 4, got 4'],
  ];
  for (const [what, starts, columns, message] of bad) {
    it(`refuses ${what}`, () => {
      const make = () => SparseMatrix.fromRows([2, 4], Int32Array.from(starts), Int32Array.from(columns));
      expect(make).toThrowError(RangeError, `SparseMatrix: ${message}`);
    });
  }
});
