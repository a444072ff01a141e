import * as tf from '@tensorflow/tfjs-core';
import { SparseMatrix } from './sparse-matrix.js';

describe('SparseMatrix', () => {
  it('sorts edges by row, then column, and their values with them', async () => {
    const edges = { rows: [2, 0, 2, 0], columns: [1, 2, 0, 2] };
    const matrix = SparseMatrix.fromEdges(edges, [3, 3], tf.tensor1d([1, 2, 3, 4]));
    expect([...matrix.starts]).toEqual([0, 2, 2, 4]);
    expect([...matrix.columns]).toEqual([2, 2, 0, 1]);
    expect(await matrix.values!.array()).toEqual([2, 4, 3, 1]);
    expect(matrix.order).toEqual(Int32Array.of(1, 3, 2, 0));
    expect(matrix.withValues(tf.ones([4])).order).toBe(matrix.order);
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

  it('takes tables of any width by value, and keeps its own', () => {
    const columns = Int32Array.of(0, 2);
    const matrix = SparseMatrix.fromRows([2, 3], Uint8Array.of(0, 1, 2), columns);
    columns[0] = 1;
    expect(matrix.starts).toEqual(Int32Array.of(0, 1, 2));
    expect(matrix.columns).toEqual(Int32Array.of(0, 2));
    const edges = { rows: Uint16Array.of(1, 0), columns: Float64Array.of(2, 0) };
    expect(SparseMatrix.fromEdges(edges, [2, 3]).columns).toEqual(Int32Array.of(0, 2));
  });

  it('refuses indices of 64 bits and fractions', () => {
    const big = BigInt64Array.of(0n) as never;
    const numbers = 'must be an array or typed array of numbers, got BigInt64Array';
    const edges = () => SparseMatrix.fromEdges({ rows: [0], columns: big }, [1, 1]);
    expect(edges).toThrowError(TypeError, `SparseMatrix: columns ${numbers}`);
    expect(() => SparseMatrix.fromRows([1, 1], [0, 1], big)).toThrowError(
      TypeError,
      `SparseMatrix: columns ${numbers}`,
    );
    const half = () => SparseMatrix.fromRows([1, 2], [0, 1], [0.5]);
    expect(half).toThrowError(RangeError, 'SparseMatrix: columns must be integers of 32 bits, got 0.5 at 0');
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
