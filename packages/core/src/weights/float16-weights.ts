import type { io } from '@tensorflow/tfjs-core';
import { requireRange } from '../errors.js';
import { float16Bits } from './float16.js';
import { joinWeights, splitWeights, type StoredWeight } from './stored-weights.js';

const name = 'withFloat16Weights';
const keptTypes: readonly string[] = ['float32', 'int32', 'bool'];
const infinity = 0x7c00; // without the sign

/**
 * The model with its float32 weights stored as float16, half as large: tfjs' loaders turn them back into float32. A
 * weight is rounded to the nearest float16, ties to even: a relative error of at most 2^-11.
 *
 * @param artifacts of `model.save`, weights unquantised
 * @throws RangeError for a weight beyond 65504, the largest float16, and for weights of another type than float32, int32
 *   and bool
 */
export function withFloat16Weights(artifacts: io.ModelArtifacts): io.ModelArtifacts {
  const weights = splitWeights(name, artifacts).map((weight) => {
    const { spec } = weight;
    const isPlain = !spec.quantization && keptTypes.includes(spec.dtype);
    const got = spec.quantization ? `quantised ${spec.dtype}` : spec.dtype;
    requireRange(isPlain, name, `${spec.name} must be float32, int32 or bool`, got);
    return spec.dtype === 'float32' ? float16Weight(name, weight) : weight;
  });
  return { ...artifacts, ...joinWeights(weights) };
}

/** One weight of float32; `op` begins the errors. @throws RangeError beyond 65504 */
export function float16Weight(op: string, { spec, bytes }: StoredWeight): StoredWeight {
  const values = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { spec: { ...spec, quantization: { dtype: 'float16' } }, bytes: float16Bytes(op, spec.name, values) };
}

/** Little-endian float16 of little-endian float32. */
function float16Bytes(op: string, weight: string, values: DataView): Uint8Array {
  const bytes = new Uint8Array(values.byteLength / 2);
  const view = new DataView(bytes.buffer);
  for (let byte = 0; byte < values.byteLength; byte += 4) {
    const value = values.getFloat32(byte, true);
    const bits = float16Bits(value);
    const isInside = !Number.isFinite(value) || (bits & 0x7fff) !== infinity;
    requireRange(isInside, op, `weights of ${weight} must be within 65504`, value);
    view.setUint16(byte / 2, bits, true);
  }
  return bytes;
}
