import { BitmaskTensor } from './bitmask-tensor.js';
import { dtypeBytes, type Dtype } from './dtypes.js';
import { elementValues } from './element-values.js';
import { QuantizedTensor } from './quantized-tensor.js';
import type { CheckpointTensor } from './read-checkpoint.js';
import { densifiedBytes } from './sparse-tensors.js';
import { StoredTensor } from './stored-tensor.js';
import { SemiStructuredTensor } from '../torch/semi-structured.js';

export interface TensorSummary {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Hexadecimal, of `denseBytes`. */
  readonly sha256: string;
  /** Share of elements that are 0 or -0; 0 for a tensor without elements. */
  readonly sparsity: number;
}

/** A tensor's dtype, shape, hash and share of zeros; sparse ones as they would be when dense, quantised ones by their integers. */
export async function summarize(tensor: CheckpointTensor): Promise<TensorSummary> {
  const bytes = await denseBytes(tensor);
  const dtype = dtypeOf(tensor);
  const values = elementValues(bytes, dtype);
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (Number(values[i]) === 0) zeros++;
  return {
    dtype,
    shape: [...tensor.shape],
    sha256: hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))),
    sparsity: values.length === 0 ? 0 : zeros / values.length,
  };
}

/** Elements in row-major order, little-endian, in the dtype of the file. */
export function denseBytes(tensor: CheckpointTensor): Promise<Uint8Array<ArrayBuffer>> {
  if (tensor instanceof StoredTensor) return tensor.bytes();
  if (tensor instanceof BitmaskTensor || tensor instanceof SemiStructuredTensor) return tensor.denseBytes();
  return tensor instanceof QuantizedTensor ? tensor.integers.bytes() : densifiedBytes(tensor);
}

export function dtypeOf(tensor: CheckpointTensor): Dtype {
  if (tensor instanceof StoredTensor) return tensor.dtype;
  return tensor instanceof QuantizedTensor ? tensor.integers.dtype : tensor.values.dtype;
}

/** Of its elements. */
export function byteLengthOf(tensor: CheckpointTensor): number {
  return tensor.shape.reduce((product, length) => product * length, dtypeBytes[dtypeOf(tensor)]);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
