import * as tf from '@tensorflow/tfjs';
import { addBias, product } from './affine.js';
import { causalAttention } from './causal-attention.js';
import { LayerNorm } from './layer-norm.js';

type Function = (...tensors: tf.Tensor[]) => tf.Tensor;

const drawn = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** Compares values and gradients of a function with those of the same function of tfjs' own ops. */
async function expectEqual(own: Function, plain: Function, inputs: tf.Tensor[]): Promise<void> {
  const y = own(...inputs);
  const dy = drawn(y.shape, 99);
  const [got, wanted] = [own, plain].map((each) => [each(...inputs), ...tf.grads(each)(inputs, dy)]);
  for (const [i, tensor] of got.entries()) {
    expect(tensor.shape).toEqual(wanted[i].shape);
    const expected = await wanted[i].data();
    const errors = (await tensor.data()).map((value, j) => Math.abs(value - expected[j]));
    expect(Math.max(...errors)).toBeLessThan(1e-5); // float32 sums in another order
  }
}

describe('layers of the transformer', () => {
  const length = 5;
  let mask: tf.Tensor;
  beforeAll(() => {
    mask = tf.tidy(() => tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)), -1e9)); // once a backend runs
  });
  afterAll(() => mask.dispose());

  it('multiply and add with the gradients of matMul and add', async () => {
    await expectEqual(
      (x, kernel, bias) => addBias(product(x as tf.Tensor2D, kernel as tf.Tensor2D), bias as tf.Tensor1D),
      (x, kernel, bias) => tf.add(tf.matMul(x, kernel), bias),
      [drawn([6, 3], 1), drawn([3, 4], 2), drawn([4], 3)],
    );
  });

  it('attend with the gradients of softmax and matMul', async () => {
    await expectEqual(
      causalAttention as Function,
      (q, k, v) => tf.matMul(tf.softmax(tf.add(tf.matMul(q, k, false, true), mask)), v),
      [1, 2, 3].map((seed) => drawn([3, length, 4], seed)),
    );
  });

  it('see nothing of later characters', async () => {
    const [q, k, v] = [1, 2, 3].map((seed) => drawn([1, length, 4], seed) as tf.Tensor3D);
    const first = (x: tf.Tensor3D) => tf.slice(x, [0, 0, 0], [1, 2, 4]);
    const whole = first(causalAttention(q, k, v));
    expect(await whole.data()).toEqual(await causalAttention(first(q), first(k), first(v)).data());
  });

  it('normalize with the gradients of mean and division', async () => {
    const layer = new LayerNorm({});
    layer.apply(tf.zeros([2, 8]));
    await expectEqual(
      (x) => layer.apply(x) as tf.Tensor,
      (x) => {
        const { mean, variance } = tf.moments(x, -1, true);
        return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
      },
      [drawn([2, 3, 8], 1)],
    );
  });
});
