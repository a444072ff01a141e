import { requireSource, type ByteSource } from '../bytes/byte-source.js';
import { dtypeBytes, type Dtype } from '../checkpoint/dtypes.js';
import { SparseCooTensor } from '../checkpoint/sparse-tensors.js';
import { StoredTensor, type TensorStorage } from '../checkpoint/stored-tensor.js';
import { requireFormat } from '../format-error.js';
import {
  emptyModel,
  modelFields,
  type OnnxGraphMessage,
  type OnnxSparseMessage,
  type OnnxTensorMessage,
} from './messages.js';
import { decodeMessage } from './wire.js';

/** A model of ONNX: its graph, and its weights as tensors. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Versions of the operators by domain; that of ONNX itself is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraphMessage;
  /** Initializers of the graph by name, sparse ones too. */
  readonly weights: ReadonlyMap<string, StoredTensor | SparseCooTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** A tensor of an attribute. */
  tensorOf(message: OnnxTensorMessage): Promise<StoredTensor>;
}

const reader = 'readOnnx';
const mostBytes = 2 ** 31 - 1; // protobuf's own limit of a message

/** TensorProto.DataType; others have no whole bytes, or are texts. */
export const dtypes: Readonly<Record<number, Dtype>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8_e4m3fn',
  19: 'float8_e5m2',
  24: 'float8_e8m0fnu',
};
const firstWithOpsets = 3n; // IR versions before know one set of operators, the first
const [externalLocation, rowBytes] = [1, 8];

/**
 * Reads an ONNX model; weights in files beside it are read as they are asked for.
 *
 * @throws FormatError for what is no model, and for a weight whose values do not fit its shape
 */
export async function readOnnx(source: ByteSource): Promise<OnnxModel> {
  requireSource(reader, source);
  requireFormat(source.size <= mostBytes, reader, `${source.name} must have at most ${mostBytes} bytes`, source.size);
  const message = decodeMessage(await source.read(0, source.size), modelFields, emptyModel());
  const { graph, irVersion, opsets, metadata } = message;
  const isModel = graph !== undefined && irVersion !== undefined && (opsets.length > 0 || irVersion < firstWithOpsets);
  requireFormat(isModel, reader, `${source.name} must have a graph, an IR version and opsets`, 'none');
  const versions = opsets.length > 0 ? opsets : [{ version: 1n }];
  const weights = new Map<string, StoredTensor | SparseCooTensor>();
  for (const tensor of graph.initializers) weights.set(tensor.name ?? '', await weightOf(source, tensor));
  for (const sparse of graph.sparseInitializers) weights.set(sparse.values?.name ?? '', await sparseOf(source, sparse));
  return {
    irVersion: Number(irVersion),
    producer: [message.producer, message.producerVersion].filter(Boolean).join(' '),
    opsets: new Map(
      versions.map(({ domain = '', version = 0n }) => [domain === 'ai.onnx' ? '' : domain, Number(version)]),
    ),
    graph,
    weights,
    metadata: new Map(metadata.map(({ key = '', value = '' }) => [key, value])),
    tensorOf: (tensor) => weightOf(source, tensor),
  };
}

/** A tensor of a model or of an attribute. */
async function weightOf(source: ByteSource, tensor: OnnxTensorMessage): Promise<StoredTensor> {
  const { name = '', type = 0 } = tensor;
  const dtype = Object.hasOwn(dtypes, type) ? dtypes[type] : undefined;
  requireFormat(dtype !== undefined, reader, `the type of ${name} must be one of numbers of whole bytes`, type);
  const shape = tensor.shape.map(Number);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const bytes = shape.reduce((product, length) => product * length, dtypeBytes[dtype]);
  const storage = await storageOf(source, tensor, dtype);
  requireFormat(storage.byteLength === bytes, reader, `${name} must have ${bytes} bytes (${dtype} [${shape}])`, storage.byteLength); // prettier-ignore
  return new StoredTensor(reader, { dtype, shape, strides, storageOffset: 0, storage, requiresGrad: null });
}

async function storageOf(source: ByteSource, tensor: OnnxTensorMessage, dtype: Dtype): Promise<TensorStorage> {
  const { name: key = '' } = tensor;
  if (tensor.location === externalLocation) return externalStorage(source, tensor);
  const bytes = tensor.raw ?? fieldBytes(tensor, dtype);
  const read = async (start: number, length: number) => bytes.subarray(start, start + length);
  return { key, location: null, byteLength: bytes.length, read };
}

/** A part of a file beside the model. */
async function externalStorage(
  source: ByteSource,
  { name: key = '', external }: OnnxTensorMessage,
): Promise<TensorStorage> {
  const entries = new Map(external.map((entry) => [entry.key, entry.value ?? '']));
  const location = entries.get('location') ?? '';
  const isBeside = /^[^/\\]+$/.test(location) && location !== '..';
  requireFormat(isBeside, reader, `the data of ${key} must lie beside ${source.name}`, location || 'nowhere');
  const file = await source.sibling?.(location);
  requireFormat(file !== undefined && file !== null, reader, `${location} must lie beside ${source.name}`, 'none');
  const offset = Number(entries.get('offset') ?? 0);
  const byteLength = Number(entries.get('length') ?? file.size - offset);
  const isRange = [offset, byteLength].every((value) => Number.isSafeInteger(value) && value >= 0);
  const isInside = isRange && offset + byteLength <= file.size;
  requireFormat(isInside, reader, `the data of ${key} must lie within the ${file.size} bytes of ${location}`, offset + byteLength); // prettier-ignore
  return { key, location: null, byteLength, read: (start, length) => file.read(offset + start, length) };
}

/** Values in fields of their own; types of less than 32 bits are in that of integers, as bits. */
function fieldBytes(tensor: OnnxTensorMessage, dtype: Dtype): Uint8Array<ArrayBuffer> {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return new Uint8Array(Float32Array.from(tensor.floats).buffer);
    case 'float64':
    case 'complex128':
      return new Uint8Array(Float64Array.from(tensor.doubles).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(tensor.int64s).buffer);
    case 'uint64':
      return new Uint8Array(BigUint64Array.from(tensor.uint64s).buffer);
    case 'uint32':
      return new Uint8Array(Uint32Array.from(tensor.uint64s, Number).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(tensor.ints).buffer);
    default:
      return dtypeBytes[dtype] === 2
        ? new Uint8Array(Uint16Array.from(tensor.ints).buffer)
        : Uint8Array.from(tensor.ints);
  }
}

/** Indices are places in the flattened tensor, or one row of indices of all axes for each value. */
async function sparseOf(source: ByteSource, { values, indices, shape }: OnnxSparseMessage): Promise<SparseCooTensor> {
  requireFormat(values !== undefined && indices !== undefined, reader, 'a sparse tensor must have values and indices', 'none'); // prettier-ignore
  const [ofValues, ofIndices] = [await weightOf(source, values), await weightOf(source, indices)];
  const sizes = shape.map(Number);
  if (ofIndices.shape.length === 2) {
    const [entries, axes] = ofIndices.shape;
    const transposed = new StoredTensor(reader, { ...ofIndices, shape: [axes, entries], strides: [1, axes] });
    return new SparseCooTensor(transposed, ofValues, sizes);
  }
  const flat = new BigInt64Array(new Uint8Array(await ofIndices.bytes()).buffer);
  const rows = new BigInt64Array(flat.length * sizes.length);
  flat.forEach((place, entry) => {
    let rest = place;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      rows[axis * flat.length + entry] = axis === 0 ? rest : rest % BigInt(Math.max(sizes[axis], 1));
      rest /= BigInt(Math.max(sizes[axis], 1));
    }
  });
  const bytes = new Uint8Array(rows.buffer);
  const storage = {
    key: `${values.name} indices`,
    location: null,
    byteLength: rows.length * rowBytes,
    read: async (start: number, length: number) => bytes.subarray(start, start + length),
  };
  const fields = { dtype: 'int64', storageOffset: 0, storage, requiresGrad: null } as const;
  const table = new StoredTensor(reader, { ...fields, shape: [sizes.length, flat.length], strides: [flat.length, 1] });
  return new SparseCooTensor(table, ofValues, sizes);
}
