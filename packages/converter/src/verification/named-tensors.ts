import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { violation, type SafetensorsTensor } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';

export type NamedTensors = ReadonlyMap<string, SafetensorsTensor>;

/** One alone may have any name. @throws FormatError for none */
export function byName(side: string, names: readonly string[], tensors: NamedTensors, name: string): SafetensorsTensor {
  const found = tensors.get(name) ?? (names.length === 1 && tensors.size === 1 ? [...tensors.values()][0] : undefined);
  if (!found) throw new FormatError(violation('verify', `${side} must have ${names.join(', ')}`, [...tensors.keys()].join(', '))); // prettier-ignore
  return found;
}

/** As tfjs has it: float64 as float32, all integers as int32. */
export function tensorOf(name: string, { dtype, shape, values }: SafetensorsTensor): Tensor {
  if (dtype === 'BOOL') return tensor(values as Uint8Array, [...shape], 'bool');
  requireFormat(dtype !== 'F16' && dtype !== 'BF16', 'verify', `${name} must be float32 or integers`, dtype);
  const isReal = values instanceof Float32Array || values instanceof Float64Array;
  const numbers = isReal ? Float32Array.from(values) : Int32Array.from(values as ArrayLike<number>, Number);
  return tensor(numbers, [...shape], isReal ? 'float32' : 'int32');
}

/**
 * Where the shape is none that the model takes, the backend would say so in its own words, or crash.
 *
 * @param wanted null for an axis of any length, and where no shape is known
 * @throws FormatError
 */
export function requireShapeOf(
  name: string,
  { shape }: SafetensorsTensor,
  wanted: readonly (number | null)[] | null,
): void {
  const isFitting = wanted === null || (shape.length === wanted.length && wanted.every((length, i) => length === null || length === shape[i])); // prettier-ignore
  const rule = `${name} must have the shape [${wanted?.map((length) => length ?? '?')}]`;
  requireFormat(isFitting, 'verify', rule, `[${shape}]`);
}
