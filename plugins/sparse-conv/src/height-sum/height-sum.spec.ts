import * as tf from '@tensorflow/tfjs';
import { sparseTensor } from '@tfjs-sparse/core';
import { heightSum } from './op.js';
import '../index.js';

describe('heightSum', () => {
  const fine = () => sparseTensor(tf.tensor2d([[1], [2], [4]]), [[0, 0, 0, 1], [0, 2, 0, 1], [1, 1, 3, 2]]); // prettier-ignore
  const coarse = (stride: number[]) =>
    sparseTensor(tf.tensor2d([[8], [16]]), [[0, 0, 0, 0], [1, 0, 1, 1]], { stride }); // prettier-ignore

  it('sums over the height and over levels, at the first cell that a coarser one spans', async () => {
    const y = heightSum(fine(), coarse([2, 2, 2]));
    expect([...y.map.coordinates]).toEqual([0, 0, 0, 0, 0, 1, 1, 2, 2, 1, 3, 2]);
    expect([...(await y.features.data())]).toEqual([8, 3, 16, 4]);
    expect(y.map.stride).toEqual([1, 1]);
  });

  it('refuses levels that are not coarser', () => {
    expect(() => heightSum(coarse([2, 2, 2]), coarse([3, 3, 3]))).toThrowError(
      RangeError,
      "heightSum: levels must have multiples of the first's strides, here [2, 2], got [3, 3]",
    );
    expect(() => heightSum()).toThrowError(RangeError, 'heightSum: there must be at least one level, got 0');
  });
});
