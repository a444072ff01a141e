import * as tf from '@tensorflow/tfjs';
import { packWeights, sampledProduct } from '../index.js';

describe('sampledProduct', () => {
  const { pattern } = packWeights([1, 0, 0, 2, 0, 3], [3, 2]);

  it('refuses matrices that do not fit the pattern', () => {
    const x = tf.ones([4, 3]) as tf.Tensor2D;
    const dy = tf.ones([4, 2]) as tf.Tensor2D;
    expect(() => sampledProduct(dy, dy, pattern)).toThrowError(
      RangeError,
      'sampledProduct: x must be [rows, 3] (inFeatures), got [4, 2]',
    );
    expect(() => sampledProduct(x, tf.ones([5, 2]), pattern)).toThrowError(
      RangeError,
      'sampledProduct: dy must be [4, 2] (rows, outFeatures), got [5, 2]',
    );
    expect(() => sampledProduct(x, tf.ones([4, 2], 'int32'), pattern)).toThrowError(
      TypeError,
      'sampledProduct: dy must be float32, got int32',
    );
  });
});
