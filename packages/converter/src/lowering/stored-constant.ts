import { elementValues, type ElementValues } from '../checkpoint/element-values.js';
import type { CheckpointTensor } from '../checkpoint/read-checkpoint.js';
import { denseBytes, dtypeOf } from '../checkpoint/tensor-summary.js';
import { requireFormat } from '../format-error.js';
import type { TensorBuilder } from './tensor-builder.js';
import type { Value } from './value.js';

const [least, most] = [-(2 ** 31), 2 ** 31 - 1];

/** A tensor of a file as a constant of tfjs. */
export async function storedConstant(builder: TensorBuilder, tensor: CheckpointTensor): Promise<Value> {
  return constantOfBytes(builder, tensor, await denseBytes(tensor));
}

/** @param bytes what `denseBytes` gives */
export function constantOfBytes(
  builder: TensorBuilder,
  tensor: CheckpointTensor,
  bytes: Uint8Array<ArrayBuffer>,
): Value {
  const dtype = dtypeOf(tensor);
  requireFormat(!dtype.startsWith('complex'), 'convert', 'tensors must be of real numbers', dtype);
  return constantOfValues(builder, tensor.shape, elementValues(bytes, dtype), dtype === 'bool');
}

/**
 * Numbers of other floating types become float32, other integers int32, those beyond its range its ends (torch and ONNX write
 * the largest int64 for "to the end").
 */
export function constantOfValues(
  builder: TensorBuilder,
  shape: readonly number[],
  values: ElementValues,
  areBooleans: boolean,
): Value {
  if (areBooleans) return builder.constant(shape, Uint8Array.from(values as Uint8Array, (value) => (value === 0 ? 0 : 1))); // prettier-ignore
  if (values instanceof Float32Array || values instanceof Int32Array) return builder.constant(shape, values);
  if (values instanceof Float64Array) return builder.constant(shape, Float32Array.from(values));
  const clamped = (value: number | bigint) => Math.min(Math.max(Number(value), least), most);
  return builder.constant(shape, Int32Array.from(values as ArrayLike<number>, clamped));
}
