import * as tf from '@tensorflow/tfjs-core';
import { maskedConv2D, PatchMask } from '@tfjs-sparse/sparse-conv';
import { uniformFrom } from '../../oracle/random.js';
import { leastTolerance } from '../../src/half-precision.js';
import type { CallCase } from '../../src/run-call.js';
import { requireEqual } from './shared/require-equal.js';

/** Against tfjs' dense convolution of the masked image, masked. */
export const calls: readonly CallCase[] = [
  { id: 'masked-conv/k3', call: () => maskedConv(3, { strides: 1, padding: 1 }), error: null },
  { id: 'masked-conv/k3s2', call: () => maskedConv(3, { strides: 2, padding: 1 }), error: null },
  { id: 'masked-conv/k2s2', call: () => maskedConv(2, { strides: 2, padding: 0 }), error: null },
  {
    id: 'masked-conv/k5-nothing-visible',
    call: () => maskedConv(5, { strides: 1, padding: 2 }, 0),
    error: null,
  },
  { id: 'masked-conv/k7s2-all-visible', call: () => maskedConv(7, { strides: 2, padding: 3 }, 1), error: null },
  {
    id: 'masked-conv/patches-that-do-not-divide',
    call: () => maskedConv2D(tf.ones([1, 5, 4, 1]), tf.ones([1, 1, 1, 1]), onePatch, { strides: 1, padding: 0 }),
    error: 'RangeError: maskedConv2D: 2 x 2 patches must divide images, got 5 x 4 pixels',
  },
];

const onePatch = new PatchMask([1, 0, 0, 0], [1, 2, 2]);

/** Two images of 12 x 8 with 3 x 2 patches, of which a share is visible; values and all gradients. */
async function maskedConv(
  size: number,
  options: { readonly strides: number; readonly padding: number },
  share = 0.5,
): Promise<void> {
  const { strides, padding } = options;
  const next = uniformFrom(2000);
  const values = Array.from({ length: 12 }, () => Number(next() < share));
  const mask = new PatchMask(values, [2, 3, 2]);
  const shapes = [[2, 12, 8, 3], [size, size, 3, 5], [5], [2, 12 / strides, 8 / strides, 5]]; // prettier-ignore
  const drawn = shapes.map((shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => next() * 2 - 1),
  );
  const run = (f: (image: tf.Tensor, weights: tf.Tensor, offset: tf.Tensor) => tf.Tensor) => {
    const [x, filter, bias, dy] = shapes.map((shape, i) => tf.tensor(drawn[i], shape));
    return [f(x, filter, bias), ...tf.grads(f)([x, filter, bias], dy)];
  };
  const visible = (scale: number) => {
    const pixels = tf.reshape(tf.tensor(values), [2, 3, 1, 2, 1]);
    return tf.reshape(tf.tile(pixels, [1, 1, 4 / scale, 1, 4 / scale]), [2, 12 / scale, 8 / scale, 1]);
  };
  const here = tf.getBackend();
  await tf.setBackend('cpu'); // tfjs' wasm backend has no gradient of conv2d
  const dense = run((image, weights, offset) => {
    const padded = tf.pad(tf.mul(image, visible(1)), [[0, 0], [padding, padding], [padding, padding], [0, 0]]); // prettier-ignore
    const y = tf.conv2d(padded as tf.Tensor4D, weights as tf.Tensor4D, strides, 'valid');
    return tf.mul(tf.add(y, offset), visible(strides));
  });
  const expected = await Promise.all(dense.map((tensor) => tensor.data()));
  await tf.setBackend(here);
  const actual = run((image, weights, offset) =>
    maskedConv2D(image as tf.Tensor4D, weights as tf.Tensor4D, mask, { ...options, bias: offset as tf.Tensor1D }),
  );
  const tolerance = Math.max(1e-4, 8 * leastTolerance()); // float32 sums of up to 192 products; values of up to 8
  for (const [i, what] of ['output', 'gradient of x', 'gradient of filter', 'gradient of bias'].entries()) {
    await requireEqual(what, actual[i], expected[i], tolerance);
  }
}
