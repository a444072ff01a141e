import { io, util } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '../errors.js';

/** A weight of a saved model: its description, and its bytes as they are stored (quantised weights stay so). */
export interface StoredWeight {
  readonly spec: io.WeightsManifestEntry;
  readonly bytes: Uint8Array;
}

/** Bytes of an element by its stored type; texts have a length of their own. */
const bytesOfType: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};
const lengthBytes = Uint32Array.BYTES_PER_ELEMENT; // before each text

/** The weights of a saved model in its order; `op` begins the errors. */
export function splitWeights(op: string, { weightData, weightSpecs }: io.ModelArtifacts): StoredWeight[] {
  const isHere = weightData != null && weightSpecs != null;
  requireType(isHere, op, 'the model must have its weights in memory', 'streamed or no weights');
  const all = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
  let start = 0;
  return weightSpecs!.map((spec) => {
    const byteStart = start;
    start += byteLength(op, spec, all, byteStart);
    requireRange(start <= all.length, op, `the weights must have ${start} bytes up to ${spec.name}`, all.length);
    return { spec, bytes: all.subarray(byteStart, start) };
  });
}

export function joinWeights(weights: Iterable<StoredWeight>): {
  weightData: ArrayBuffer;
  weightSpecs: io.WeightsManifestEntry[];
} {
  const all = [...weights];
  const joined = new Uint8Array(all.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let start = 0;
  for (const { bytes } of all) {
    joined.set(bytes, start);
    start += bytes.length;
  }
  return { weightData: joined.buffer, weightSpecs: all.map(({ spec }) => spec) };
}

/** Stored bytes of one element; NaN for a type of no fixed size. */
export function elementBytes({ dtype, quantization }: io.WeightsManifestEntry): number {
  return bytesOfType[quantization?.dtype ?? dtype] ?? NaN;
}

function byteLength(op: string, spec: io.WeightsManifestEntry, all: Uint8Array, start: number): number {
  const size = util.sizeFromShape(spec.shape);
  if (spec.dtype !== 'string') {
    const bytes = size * elementBytes(spec);
    requireRange(bytes >= 0, op, `${spec.name} must have a dtype of ${Object.keys(bytesOfType)} or string`, spec.dtype);
    return bytes;
  }
  const view = new DataView(all.buffer, all.byteOffset);
  let end = start;
  for (let i = 0; i < size; i++) {
    requireRange(end + lengthBytes <= all.length, op, `${spec.name} must have ${size} texts`, i);
    end += lengthBytes + view.getUint32(end, true);
  }
  return end - start;
}
