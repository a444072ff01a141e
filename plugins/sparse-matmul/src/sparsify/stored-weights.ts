import { io, util } from '@tensorflow/tfjs-core';
import { requireType } from '@tfjs-sparse/core';

type Spec = io.WeightsManifestEntry;

/** A weight of a saved model: what it is, and its bytes as they are stored (quantised weights stay so). */
export interface StoredWeight {
  readonly spec: Spec;
  readonly bytes: Uint8Array;
}

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

/** The weights of a saved model by name, in its order. */
export function splitWeights(artifacts: io.ModelArtifacts): Map<string, StoredWeight> {
  const { weightData, weightSpecs } = artifacts;
  const isHere = weightData != null && weightSpecs != null;
  requireType(isHere, 'sparsifyGraphModel', 'the model must have its weights in memory', 'streamed or no weights');
  const all = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
  const weights = new Map<string, StoredWeight>();
  let start = 0;
  for (const spec of weightSpecs!) {
    const end = start + byteLength(spec, all, start);
    weights.set(spec.name, { spec, bytes: all.subarray(start, end) });
    start = end;
  }
  return weights;
}

export function joinWeights(weights: Iterable<StoredWeight>): Pick<io.ModelArtifacts, 'weightData' | 'weightSpecs'> {
  const all = [...weights];
  const joined = new Uint8Array(all.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let start = 0;
  for (const { bytes } of all) {
    joined.set(bytes, start);
    start += bytes.length;
  }
  return { weightData: joined.buffer, weightSpecs: all.map(({ spec }) => spec) };
}

/** The weight's numbers. */
export async function weightValues({ spec, bytes }: StoredWeight): Promise<Float32Array> {
  const { [spec.name]: tensor } = io.decodeWeights(bytes.slice().buffer, [spec]);
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}

/** A new weight of some elements of another, in its quantisation. */
export function pickElements(
  { spec, bytes }: StoredWeight,
  elements: Int32Array,
  name: string,
  shape: number[],
): StoredWeight {
  const size = elementBytes(spec);
  const picked = new Uint8Array(elements.length * size);
  elements.forEach((element, i) => picked.set(bytes.subarray(element * size, (element + 1) * size), i * size));
  return { spec: { ...spec, name, shape }, bytes: picked };
}

export function int32Weight(name: string, values: Int32Array): StoredWeight {
  return { spec: { name, shape: [values.length], dtype: 'int32' }, bytes: new Uint8Array(values.slice().buffer) };
}

function elementBytes({ dtype, quantization }: Spec): number {
  return bytesOfType[quantization?.dtype ?? dtype];
}

function byteLength(spec: Spec, all: Uint8Array, start: number): number {
  const size = util.sizeFromShape(spec.shape);
  if (spec.dtype !== 'string') return size * elementBytes(spec);
  const view = new DataView(all.buffer, all.byteOffset);
  let end = start;
  for (let i = 0; i < size; i++) end += lengthBytes + view.getUint32(end, true);
  return end - start;
}
