import type { ProductWeight } from '../conversion/converter-plugin.js';
import { permutedElements } from '../graph/permuted-elements.js';
import type { Dtype } from './dtypes.js';
import { elementValues } from './element-values.js';
import type { CheckpointTensor } from './read-checkpoint.js';
import { StoredTensor } from './stored-tensor.js';
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
  const elements = elementsOf(tensor);
  if (!isWeight(tensor) || elements > mostElements) return null;
  const values = await numbersOf(tensor);
  const kept = mask && (await numbersOf(mask));
  const masked = kept?.length === values.length ? values.map((value, i) => value * kept[i]) : values;
  return matrixOf(masked, tensor.shape, layout);
}

/** Some rows of a weight, which tell what a plugin would do with all. */
export interface WeightSample {
  readonly weight: ProductWeight;
  /** Of the weight's elements. */
  readonly share: number;
}

const sampledElements = 2 ** 17;
const sampledRows = 16; // beside each other: blocks of outputs and groups of inputs are whole

/** Rows of a large weight in blocks that lie evenly in it; the whole of one that is small or not stored row by row. */
export async function weightSample(
  tensor: CheckpointTensor,
  mask?: CheckpointTensor,
  layout: WeightLayout = 'torch',
): Promise<WeightSample | null> {
  const { shape } = tensor;
  const rowElements = elementsOf(tensor) / Math.max(shape[0] ?? 1, 1);
  const blocks = Math.max(1, Math.floor(sampledElements / rowElements / sampledRows));
  const isStored = tensor instanceof StoredTensor && tensor.isContiguous && !tensor.storage.isBigEndian;
  if (mask || !isStored || !isWeight(tensor) || shape[0] <= 2 * blocks * sampledRows) {
    const weight = await productWeight(tensor, mask, layout);
    return weight && { weight, share: 1 };
  }
  const values = new Float32Array(blocks * sampledRows * rowElements);
  const step = Math.floor(shape[0] / blocks / sampledRows) * sampledRows;
  for (let block = 0; block < blocks; block++) {
    const bytes = await tensor.bytesOf(block * step * rowElements, sampledRows * rowElements);
    values.set(floatsOf(bytes, tensor.dtype), block * sampledRows * rowElements);
  }
  const rows = blocks * sampledRows;
  return { weight: matrixOf(values, [rows, ...shape.slice(1)], layout), share: rows / shape[0] };
}

function isWeight(tensor: CheckpointTensor): boolean {
  const rank = tensor.shape.length;
  return (rank === 2 || rank === 4) && /^(float|bfloat)/.test(dtypeOf(tensor)) && elementsOf(tensor) > 0;
}

function elementsOf({ shape }: CheckpointTensor): number {
  return shape.reduce((product, length) => product * length, 1);
}

function matrixOf(values: Float32Array, shape: readonly number[], layout: WeightLayout): ProductWeight {
  const axes: readonly number[] = axesOf[layout][shape.length as 2 | 4]; // a filter's places are before its channels
  const outputs = shape[axes[axes.length - 1]];
  const places = axes.slice(0, -2).reduce((product, axis) => product * shape[axis], 1);
  return { values: permutedElements(values, shape, axes), inputs: values.length / outputs, outputs, places };
}

async function numbersOf(tensor: CheckpointTensor): Promise<Float32Array> {
  return floatsOf(await denseBytes(tensor), dtypeOf(tensor));
}

/** @returns may be a view of the bytes */
function floatsOf(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype): Float32Array {
  const values = elementValues(bytes, dtype);
  return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>, Number);
}
