import { io } from '@tensorflow/tfjs-core';

const bytesOf: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1 };

/**
 * The model with its float32 weights stored as float16, half as large: tfjs' loaders turn them back into float32. A
 * weight is rounded to the nearest float16, ties to even: a relative error of at most 2^-11.
 *
 * @param artifacts of `model.save`, weights unquantised
 * @throws RangeError for a weight beyond 65504, the largest float16, and for weights of another type than float32, int32
 *   and bool
 */
export function withFloat16Weights(artifacts: io.ModelArtifacts): io.ModelArtifacts {
  const data = new DataView(io.CompositeArrayBuffer.join(artifacts.weightData));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let start = 0;
  const weightSpecs = artifacts.weightSpecs!.map((spec) => {
    const count = spec.shape.reduce((product, size) => product * size, 1);
    if (spec.quantization || !(spec.dtype in bytesOf)) {
      const got = spec.quantization ? `quantised ${spec.dtype}` : spec.dtype;
      throw new RangeError(`withFloat16Weights: ${spec.name} must be float32, int32 or bool, got ${got}`);
    }
    const byteCount = count * bytesOf[spec.dtype];
    const bytes = new Uint8Array(data.buffer, start, byteCount);
    start += byteCount;
    if (spec.dtype !== 'float32') {
      parts.push(bytes.slice());
      return spec;
    }
    parts.push(float16Bytes(spec.name, new DataView(data.buffer, bytes.byteOffset, byteCount)));
    return { ...spec, quantization: { dtype: 'float16' as const } };
  });
  return { ...artifacts, weightSpecs, weightData: joined(parts) };
}

/** Little-endian float16 of little-endian float32. */
function float16Bytes(name: string, values: DataView): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.byteLength / 2);
  const view = new DataView(bytes.buffer);
  for (let byte = 0; byte < values.byteLength; byte += 4) {
    const value = values.getFloat32(byte, true);
    const bits = float16Bits(value);
    const isOverflow = Number.isFinite(value) && (bits & 0x7fff) === 0x7c00;
    if (isOverflow) throw new RangeError(`withFloat16Weights: weights of ${name} must be within 65504, got ${value}`);
    view.setUint16(byte / 2, bits, true);
  }
  return bytes;
}

const scratch = new DataView(new ArrayBuffer(4));

/** The nearest float16 of a float32, ties to even: sign, 5 bits of exponent, 10 of fraction. */
function float16Bits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below 2^-14 float16 has fixed steps of 2^-24, above it 10 bits of fraction.
  const exponent = Math.max(((bits >>> 23) & 0xff) - 127, -14);
  const steps = roundToEven(magnitude * 2 ** (10 - exponent));
  return sign | (exponent === -14 && steps < 1024 ? steps : ((exponent + 15) << 10) + steps - 1024);
}

function roundToEven(value: number): number {
  const lower = Math.floor(value);
  const rest = value - lower;
  return rest > 0.5 || (rest === 0.5 && lower % 2 === 1) ? lower + 1 : lower;
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    bytes.set(part, start);
    start += part.length;
  }
  return bytes.buffer;
}
