import * as tf from '@tensorflow/tfjs-core';
import { uniformFrom } from '../../oracle/random.js';
import { leastTolerance } from '../../src/half-precision.js';
import * as ops from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';

/** Ops that are compositions, against what they are equal to by definition: tfjs' dense ops, or numbers. */
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
    call: () => ops.maskedConv2d(tf.ones([1, 5, 4, 1]), tf.ones([1, 1, 1, 1]), onePatch, { strides: 1, padding: 0 }),
    error: 'RangeError: maskedConv2d: 2 x 2 patches must divide images, got 5 x 4 pixels',
  },
  ...[0, 1, 2].map((axis) => ({ id: `height-compression/axis-${axis}`, call: stacked(axis), error: null })),
  { id: 'completion-add/values', call: completed, error: null },
  { id: 'integer-spikes/values-and-gradient', call: spikes, error: null },
  ...(['sum', 'mean', 'max'] as const).map((mode) => ({ id: `reduce-axis/${mode}`, call: reduced(mode), error: null })),
];

const onePatch = new ops.PatchMask([1, 0, 0, 0], [1, 2, 2]);

/** Two images of 12 x 8 with 3 x 2 patches, of which a share is visible; values and all gradients. */
async function maskedConv(
  size: number,
  options: { readonly strides: number; readonly padding: number },
  share = 0.5,
): Promise<void> {
  const { strides, padding } = options;
  const next = uniformFrom(2000);
  const values = Array.from({ length: 12 }, () => Number(next() < share));
  const mask = new ops.PatchMask(values, [2, 3, 2]);
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
    ops.maskedConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, mask, { ...options, bias: offset as tf.Tensor1D }),
  );
  const tolerance = Math.max(1e-4, 8 * leastTolerance()); // float32 sums of up to 192 products; values of up to 8
  for (const [i, what] of ['output', 'gradient of x', 'gradient of filter', 'gradient of bias'].entries()) {
    await requireEqual(what, actual[i], expected[i], tolerance);
  }
}

function stacked(axis: number) {
  return async (): Promise<void> => {
    const x = ops.sparseTensor(tf.tensor2d([[1, 2], [3, 4], [5, 6]]), [[0, 0, 1, 2], [0, 1, 0, 1], [1, 1, 1, 0]], { rank: 3 }); // prettier-ignore
    const spatialShape = [2, 2, 3];
    const dense = ops.toDense(x, { spatialShape, origin: [0, 0, 0] });
    const others = [1, 2, 3].filter((each) => each !== 1 + axis);
    const expected = tf.reshape(tf.transpose(dense, [0, ...others, 1 + axis, 4]), [
      2,
      ...others.map((each) => spatialShape[each - 1]),
      spatialShape[axis] * 2,
    ]);
    const actual = ops.heightCompression(x, { axis, spatialShape });
    if (String(actual.shape) !== String(expected.shape)) {
      throw new RangeError(`shape must be [${expected.shape}], got [${actual.shape}]`);
    }
    await requireEqual('output', actual, await expected.data(), 0);
  };
}

/** x on 0 and 1, skip on 1, 2, 3 with 3 asked for. */
async function completed(): Promise<void> {
  const line = (values: number[], cells: number[]) =>
    ops.sparseTensor(tf.tensor2d(values, [values.length, 1]), cells.map((cell) => [0, cell]), { rank: 1 }); // prettier-ignore
  const y = ops.completionAdd(line([1, 2], [0, 1]), line([10, 20, 30], [1, 2, 3]), Uint8Array.of(0, 0, 1));
  requireSites(y, [0, 0, 0, 1, 0, 3]);
  await requireEqual('output', y.features, [1, 12, 30], 0);
}

async function spikes(): Promise<void> {
  const x = tf.tensor1d([-1, 0, 0.25, 0.5, 1.49, 1.5, 3.75, 4, 9]);
  await requireEqual('output', ops.integerSpikes(x), [0, 0, 0, 1, 1, 2, 4, 4, 4], 0);
  const gradient = tf.grad((values) => ops.integerSpikes(values))(x, tf.fill([9], 3));
  await requireEqual('gradient', gradient, [0, 0, 3, 3, 3, 3, 3, 0, 0], 0);
}

function reduced(mode: 'sum' | 'mean' | 'max') {
  return async (): Promise<void> => {
    const x = ops.sparseTensor(tf.tensor2d([[1], [3], [5]]), [[0, 0, 1], [0, 1, 0], [0, 4, 1]], { rank: 2 }); // prettier-ignore
    const y = ops.reduceAxis(x, 0, mode);
    requireSites(y, [0, 0, 0, 1]);
    await requireEqual('output', y.features, [3, { sum: 6, mean: 3, max: 5 }[mode]], 0);
  };
}

function requireSites({ map }: ops.SparseTensor, expected: readonly number[]): void {
  const actual = String(map.coordinates);
  if (actual !== String(expected)) throw new RangeError(`sites must be [${expected}], got [${actual}]`);
}

async function requireEqual(
  what: string,
  actual: tf.Tensor,
  expected: ArrayLike<number>,
  tolerance: number,
): Promise<void> {
  const values = await actual.data();
  const isEqual =
    values.length === expected.length && values.every((value, i) => Math.abs(value - expected[i]) <= tolerance);
  if (!isEqual) throw new RangeError(`${what} must be [${Array.from(expected)}], got [${values}]`);
}
