import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import '../dense-gradients.js';

type Loss = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Scalar;

describe('gradients of convolutions on the wasm backend', () => {
  const backend = tf.getBackend();
  afterAll(() => tf.setBackend(backend));

  const losses: [string, number[], number[], Loss][] = [
    ['3 x 3', [2, 9, 7, 5], [3, 3, 5, 6], (x, filter) => tf.sum(tf.square(tf.conv2d(x, filter, 2, 'same')))],
    ['1 x 1', [2, 6, 7, 20], [1, 1, 20, 9], (x, filter) => tf.sum(tf.square(tf.conv2d(x, filter, 1, 'same')))],
    ['1 x 1, strided', [2, 6, 7, 8], [1, 1, 8, 8], (x, filter) => tf.sum(tf.square(tf.conv2d(x, filter, 2, 'same')))],
    ['padded', [1, 5, 6, 4], [3, 3, 4, 3], (x, filter) => tf.sum(tf.square(tf.conv2d(x, filter, 1, 1)))],
    [
      'depthwise',
      [2, 9, 7, 18],
      [3, 3, 18, 1],
      (x, filter) => tf.sum(tf.square(tf.depthwiseConv2d(x, filter, 2, 'same'))),
    ],
  ];
  for (const [name, xShape, filterShape, loss] of losses) {
    it(`are those of the cpu backend: ${name}`, async () => {
      const gradients: Float32Array[][] = [];
      for (const name of ['cpu', 'wasm']) {
        await tf.setBackend(name);
        const x = tf.randomNormal(xShape, 0, 1, 'float32', 1);
        const filter = tf.randomNormal(filterShape, 0, 1, 'float32', 2);
        const tensors = tf.grads(loss as (...tensors: tf.Tensor[]) => tf.Tensor)([x, filter]);
        gradients.push((await Promise.all(tensors.map((tensor) => tensor.data()))) as Float32Array[]);
        tf.dispose([x, filter, ...tensors]);
      }
      const [wanted, got] = gradients;
      wanted.forEach((values, i) => {
        const scale = Math.max(...values.map(Math.abs));
        const error = Math.max(...values.map((value, j) => Math.abs(value - got[i][j])));
        expect(error / scale).toBeLessThan(1e-5); // float32 sums in another order
      });
    });
  }
});
