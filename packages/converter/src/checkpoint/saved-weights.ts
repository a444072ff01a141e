import type { io } from '@tensorflow/tfjs-core';
import { splitWeights, type StoredWeight } from '@tfjs-sparse/core';
import { PickleDict } from '../torch/pickle/values.js';
import { isDtype } from './dtypes.js';
import { QuantizedTensor } from './quantized-tensor.js';
import { StoredTensor } from './stored-tensor.js';

/** The weights of a tfjs model, by their names; texts are left out. */
export function savedWeights(artifacts: io.ModelArtifacts): PickleDict {
  const value = new PickleDict();
  for (const weight of splitWeights('readCheckpoint', artifacts)) {
    const tensor = tensorOf(weight);
    if (tensor) value.entries.set(weight.spec.name, tensor);
  }
  return value;
}

function tensorOf({ spec, bytes }: StoredWeight): StoredTensor | QuantizedTensor | null {
  const { name, shape, quantization } = spec;
  const dtype: string = quantization?.dtype ?? spec.dtype;
  if (!isDtype(dtype)) return null;
  const storage = {
    key: name,
    location: null,
    byteLength: bytes.length,
    read: async (start: number, length: number) => Uint8Array.from(bytes.subarray(start, start + length)),
  };
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const fields = { dtype, shape, strides, storageOffset: 0, storage, requiresGrad: null };
  const stored = new StoredTensor('readCheckpoint', fields);
  const { scale, min = 0 } = quantization ?? {}; // float16 has no scale
  return scale === undefined ? stored : new QuantizedTensor(stored, { scale, zeroPoint: Math.round(-min / scale) });
}
