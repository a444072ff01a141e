import type { ProductWeight } from '../conversion/converter-plugin.js';
import { permutedElements } from '../graph/permuted-elements.js';
import { elementValues } from './element-values.js';
import type { CheckpointTensor } from './read-checkpoint.js';
import { denseBytes, dtypeOf } from './tensor-summary.js';

/** Largest weight that is looked at closely; others are only counted. */
const mostElements = 2 ** 26;

/** Axes of weights, `[inputs, outputs]` and `[height, width, inputs, outputs]` of tfjs as places in those of a framework. */
const axesOf = {
  torch: { 2: [1, 0], 4: [2, 3, 1, 0] },
  tflite: { 2: [1, 0], 4: [1, 2, 3, 0] },
  tfjs: { 2: [0, 1], 4: [0, 1, 2, 3] },
} as const;

/** Whose order the axes of a weight have. */
export type WeightLayout = keyof typeof axesOf;

/**
 * A weight as the matrix of its product, such as torch's `[out, in]` and `[out, in, ...kernel]` with its outputs last; null for
 * others.
 *
 * @param mask of torch.nn.utils.prune, which is folded in
 */
export async function productWeight(
  tensor: CheckpointTensor,
  mask?: CheckpointTensor,
  layout: WeightLayout = 'torch',
): Promise<ProductWeight | null> {
  const { shape } = tensor;
  const dtype = dtypeOf(tensor);
  const elements = shape.reduce((product, length) => product * length, 1);
  const isWeight = (shape.length === 2 || shape.length === 4) && /^(float|bfloat)/.test(dtype);
  if (!isWeight || elements === 0 || elements > mostElements) return null;
  const values = await numbersOf(tensor);
  const kept = mask && (await numbersOf(mask));
  if (kept?.length === values.length) values.forEach((value, i) => (values[i] = value * kept[i]));
  const axes: readonly number[] = axesOf[layout][shape.length as 2 | 4]; // a filter's places are before its channels
  const outputs = shape[axes[axes.length - 1]];
  const places = axes.slice(0, -2).reduce((product, axis) => product * shape[axis], 1);
  return { values: permutedElements(values, shape, axes), inputs: elements / outputs, outputs, places };
}

async function numbersOf(tensor: CheckpointTensor): Promise<Float32Array> {
  return Float32Array.from(elementValues(await denseBytes(tensor), dtypeOf(tensor)) as ArrayLike<number>, Number);
}
