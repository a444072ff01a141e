import * as tf from '@tensorflow/tfjs-core';
import { maskedConv2D, PatchMask, type FusedActivation } from '@tfjs-sparse/sparse-conv';
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
    id: 'masked-conv/k3-bias-residual-relu',
    call: () => maskedConv(3, { strides: 1, padding: 1, hasResidual: true, activation: 'relu' }),
    error: null,
  },
  {
    id: 'masked-conv/k2s2-residual',
    call: () => maskedConv(2, { strides: 2, padding: 0, hasResidual: true }),
    error: null,
  },
  {
    id: 'masked-conv/k3s2-relu6',
    call: () => maskedConv(3, { strides: 2, padding: 1, activation: 'relu6' }),
    error: null,
  },
  {
    id: 'masked-conv/residual-of-another-shape',
    call: () =>
      maskedConv2D(tf.ones([1, 4, 4, 1]), tf.ones([1, 1, 1, 1]), onePatch, { residual: tf.ones([1, 2, 4, 1]) }),
    error: 'RangeError: maskedConv2D: residual must have shape [1, 4, 4, 1] (as the output), got [1, 2, 4, 1]',
  },
  {
    id: 'masked-conv/unknown-activation',
    call: () => maskedConv2D(tf.ones([1, 4, 4, 1]), tf.ones([1, 1, 1, 1]), onePatch, { activation: 'tanh' as 'relu' }),
    error: "RangeError: maskedConv2D: activation must be 'linear', 'relu' or 'relu6', got tanh",
  },
  {
    id: 'masked-conv/patches-that-do-not-divide',
    call: () => maskedConv2D(tf.ones([1, 5, 4, 1]), tf.ones([1, 1, 1, 1]), onePatch, { strides: 1, padding: 0 }),
    error: 'RangeError: maskedConv2D: 2 x 2 patches must divide images, got 5 x 4 pixels',
  },
];

const onePatch = new PatchMask([1, 0, 0, 0], [1, 2, 2]);

interface MaskedCase {
  readonly strides: number;
  readonly padding: number;
  readonly hasResidual?: boolean;
  readonly activation?: FusedActivation;
}

const activations: Readonly<Record<FusedActivation, (y: tf.Tensor) => tf.Tensor>> = {
  linear: (y) => y,
  relu: tf.relu,
  relu6: tf.relu6,
};

/** Two images of 12 x 8 with 3 x 2 patches, of which a share is visible; values and all gradients. */
async function maskedConv(size: number, options: MaskedCase, share = 0.5): Promise<void> {
  const { strides, padding, hasResidual = false, activation = 'linear' } = options;
  const next = uniformFrom(2000);
  const values = Array.from({ length: 12 }, () => Number(next() < share));
  const mask = new PatchMask(values, [2, 3, 2]);
  const outputShape = [2, 12 / strides, 8 / strides, 5];
  const shapes = [[2, 12, 8, 3], [size, size, 3, 5], [5], outputShape, ...(hasResidual ? [outputShape] : [])]; // prettier-ignore
  const drawn = shapes.map((shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => next() * 2 - 1),
  );
  const run = (f: (image: tf.Tensor, weights: tf.Tensor, offset: tf.Tensor, added?: tf.Tensor) => tf.Tensor) => {
    const [x, filter, bias, dy, ...residual] = shapes.map((shape, i) => tf.tensor(drawn[i], shape));
    const operands = [x, filter, bias, ...residual] as const;
    return [f(x, filter, bias, ...residual), ...tf.grads(f)([...operands], dy)];
  };
  const visible = (scale: number) => {
    const pixels = tf.reshape(tf.tensor(values), [2, 3, 1, 2, 1]);
    return tf.reshape(tf.tile(pixels, [1, 1, 4 / scale, 1, 4 / scale]), [2, 12 / scale, 8 / scale, 1]);
  };
  const here = tf.getBackend();
  await tf.setBackend('cpu'); // tfjs' wasm backend has no gradient of conv2d
  const dense = run((image, weights, offset, added = tf.scalar(0)) => {
    const padded = tf.pad(tf.mul(image, visible(1)), [[0, 0], [padding, padding], [padding, padding], [0, 0]]); // prettier-ignore
    const y = tf.conv2d(padded as tf.Tensor4D, weights as tf.Tensor4D, strides, 'valid');
    return tf.mul(activations[activation](tf.add(tf.add(y, offset), added)), visible(strides));
  });
  const expected = await Promise.all(dense.map((tensor) => tensor.data()));
  await tf.setBackend(here);
  const actual = run((image, weights, offset, added) => {
    const epilogue = { bias: offset as tf.Tensor1D, residual: added as tf.Tensor4D | undefined, activation };
    return maskedConv2D(image as tf.Tensor4D, weights as tf.Tensor4D, mask, { strides, padding, ...epilogue });
  });
  const tolerance = Math.max(1e-4, 8 * leastTolerance()); // float32 sums of up to 192 products; values of up to 8
  const gradients = ['x', 'filter', 'bias', ...(hasResidual ? ['residual'] : [])];
  for (const [i, what] of ['output', ...gradients.map((name) => `gradient of ${name}`)].entries()) {
    await requireEqual(what, actual[i], expected[i], tolerance);
  }
}
