import type { ProductWeight } from '../conversion/converter-plugin.js';
import { permutedElements } from '../graph/permuted-elements.js';
import { elementValues } from './element-values.js';
import type { CheckpointTensor } from './read-checkpoint.js';
import { denseBytes, dtypeOf } from './tensor-summary.js';

/** Largest weight that is looked at closely; others are only counted. */
const mostElements = 2 ** 26;

/**
 * A weight as the matrix of its product: torch's `[out, in]` and `[out, in, ...kernel]` with its outputs last; null for others.
 *
 * @param mask of torch.nn.utils.prune, which is folded in
 */
export async function productWeight(tensor: CheckpointTensor, mask?: CheckpointTensor): Promise<ProductWeight | null> {
  const { shape } = tensor;
  const dtype = dtypeOf(tensor);
  const [outputs, ...rest] = shape;
  const inputs = rest.reduce((product, length) => product * length, 1);
  const isWeight = (shape.length === 2 || shape.length === 4) && /^(float|bfloat)/.test(dtype);
  if (!isWeight || outputs * inputs === 0 || outputs * inputs > mostElements) return null;
  const values = await numbersOf(tensor);
  const kept = mask && (await numbersOf(mask));
  if (kept?.length === values.length) values.forEach((value, i) => (values[i] = value * kept[i]));
  // A filter's places are before its channels, as tfjs has them.
  const axes = shape.length === 2 ? [1, 0] : [2, 3, 1, 0];
  const places = shape.slice(2).reduce((product, length) => product * length, 1);
  return { values: permutedElements(values, shape, axes), inputs, outputs, places };
}

async function numbersOf(tensor: CheckpointTensor): Promise<Float32Array> {
  return Float32Array.from(elementValues(await denseBytes(tensor), dtypeOf(tensor)) as ArrayLike<number>, Number);
}
