import { io } from '@tensorflow/tfjs-core';
import { elementBytes, type StoredWeight } from '@tfjs-sparse/core';
import { dimensions } from './attributes.js';
import type { GraphNode } from './graph.js';

/**
 * The weight's numbers: those of int32 weights as they are, booleans as bytes, all others as float32. They may be a view of the
 * weight's bytes, and are not to be written.
 */
export async function weightValues({ spec, bytes }: StoredWeight): Promise<Float32Array | Int32Array | Uint8Array> {
  if (!spec.quantization && spec.dtype === 'float32') return new Float32Array(...aligned(bytes));
  if (!spec.quantization && spec.dtype === 'int32') return new Int32Array(...aligned(bytes));
  const { [spec.name]: tensor } = io.decodeWeights(bytes.slice().buffer, [spec]);
  try {
    return await tensor.data();
  } finally {
    tensor.dispose();
  }
}

/** Where numbers of four bytes are; a copy where they do not begin at one. */
function aligned({ buffer, byteOffset, byteLength }: Uint8Array): [ArrayBuffer, number, number] {
  const isAligned = byteOffset % 4 === 0;
  const from = isAligned ? (buffer as ArrayBuffer) : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  return [from, isAligned ? byteOffset : 0, byteLength / 4];
}

/** A constant of these values; bytes are booleans. */
export function constantNode(
  name: string,
  shape: readonly number[],
  values: Float32Array | Int32Array | Uint8Array,
): GraphNode & { readonly weight: StoredWeight } {
  const dtype = values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'bool';
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return nodeOf({ spec: { name, shape: [...shape], dtype }, bytes });
}

/** A constant of some elements of another weight, in its quantisation. */
export function pickedConstant(
  name: string,
  shape: readonly number[],
  { spec, bytes }: StoredWeight,
  elements: Int32Array,
): GraphNode {
  const size = elementBytes(spec);
  const picked = new Uint8Array(elements.length * size);
  elements.forEach((element, i) => picked.set(bytes.subarray(element * size, (element + 1) * size), i * size));
  return nodeOf({ spec: { ...spec, name, shape: [...shape] }, bytes: picked });
}

function nodeOf(weight: StoredWeight): GraphNode & { readonly weight: StoredWeight } {
  const { name, shape, dtype } = weight.spec;
  const type = savedType(dtype);
  const value = { tensor: { dtype: type, tensorShape: dimensions(shape) } };
  return { name, op: 'Const', inputs: [], controls: [], attributes: { dtype: { type }, value }, weight };
}

/** A dtype of tfjs as graphs name it. */
export function savedType(dtype: string): 'DT_FLOAT' | 'DT_BOOL' | 'DT_INT32' {
  if (dtype === 'float32') return 'DT_FLOAT';
  return dtype === 'bool' ? 'DT_BOOL' : 'DT_INT32';
}
