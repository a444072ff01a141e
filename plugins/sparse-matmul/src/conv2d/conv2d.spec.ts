import * as tf from '@tensorflow/tfjs';
import { packWeights, sparseConv2D, type SparseConv2DOptions } from '../index.js';

describe('sparseConv2D', () => {
  const seed = Date.now() % 1e6;

  it(`is tfjs' convolution for any window (seed ${seed})`, async () => {
    for (let i = 0; i < 40; i++) {
      const random = (first: number, last: number) =>
        first + (Math.abs(Math.round(Math.sin(seed + 31 * i + 7 * last + first) * 1e4)) % (last - first + 1));
      const kernelSize = [random(1, 5), random(2, 7)] as const;
      const strides = i % 2 === 0 ? 1 : random(1, 3);
      const dilations = strides === 1 ? random(1, 3) : 1; // tfjs takes only one of them
      const padding = i % 3 === 0 ? 'valid' : 'same';
      const blockOutputs = ([1, 2, 4, 8] as const)[i % 4];
      const shape = [2, random(14, 20), random(19, 41), random(1, 9)] as [number, number, number, number];
      const filterShape = [...kernelSize, shape[3], random(1, 40)] as [number, number, number, number];
      const dense = Float32Array.from({ length: filterShape.reduce((a, b) => a * b) }, (_, k) =>
        Math.sin(seed + k * k) > 0.6 ? Math.cos(k + i) : 0,
      );
      const { pattern, values } = packWeights(dense, [dense.length / filterShape[3], filterShape[3]], { blockOutputs });
      const options: SparseConv2DOptions = { kernelSize, strides, padding, dilations };
      const x = tf.randomNormal(shape, 0, 1, 'float32', seed + i) as tf.Tensor4D;
      const kept = tf.tensor2d(values, [pattern.blockCount, blockOutputs]);
      const wanted = tf.conv2d(x, tf.tensor4d(dense, filterShape), strides, padding, 'NHWC', dilations);
      const got = sparseConv2D(x, kept, pattern, options);
      expect(got.shape).toEqual(wanted.shape);
      const difference = (await tf.max(tf.abs(tf.sub(wanted, got))).data())[0];
      expect(difference)
        .withContext(`${i}: ${JSON.stringify(options)} of ${shape} to ${filterShape}`)
        .toBeLessThan(1e-4);
    }
  });

  it('refuses what does not fit', () => {
    const { pattern, values } = packWeights(new Float32Array(3 * 3 * 4 * 6).fill(1), [36, 6]);
    const kept = tf.tensor2d(values, [216, 1]);
    const x = tf.zeros([1, 5, 5, 4]) as tf.Tensor4D;
    const run = (options: SparseConv2DOptions) => () => sparseConv2D(x, kept, pattern, options);
    expect(run({ kernelSize: 5 })).toThrowError(
      RangeError,
      'sparseConv2D: inFeatures of the pattern must be height * width of kernelSize * channels of x / groups (100), got 36',
    );
    expect(run({ kernelSize: [3, 0] })).toThrowError(RangeError, /kernelSize must be positive integers, got \[3, 0\]/);
    expect(run({ kernelSize: 3, strides: 1.5 })).toThrowError(RangeError, /strides must be positive integers, got 1.5/);
    expect(run({ kernelSize: 3, groups: 3 })).toThrowError(RangeError, /multiple of groups \(3\), got 4/);
    expect(run({ kernelSize: 3, dilations: 4 })).toThrowError(RangeError, /the filter must fit into the padded image/);
    expect(run({ kernelSize: 3, bias: tf.zeros([4]) })).toThrowError(RangeError, /bias must have shape \[6\]/);
  });
});
