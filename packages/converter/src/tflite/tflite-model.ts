import { dtypeBytes, type Dtype } from '../checkpoint/dtypes.js';
import { elementValues } from '../checkpoint/element-values.js';
import { requireFormat } from '../format-error.js';
import { densePlaces } from './densify.js';
import { FlatTable } from './flat-table.js';
import { operatorNames } from './operator-names.js';

/** An operator of a TFLite model: inputs and outputs are indices of tensors. */
export interface TfliteOperator {
  /** Of `BuiltinOperator` in TFLite's schema; that of a custom one with its own name. */
  readonly op: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | null;
}

export interface TfliteTensor {
  readonly name: string;
  /** `int4`: two of a byte, the lower half first. */
  readonly type: Dtype | 'int4' | 'other';
  readonly shape: readonly number[];
  /** The shape with -1 for sizes that only a run knows. */
  readonly signature: readonly number[];
  /** Keeps its values from one run to the next, and begins as zeros. */
  readonly isVariable: boolean;
  /** As the file has them, of a sparse tensor only those that are stored; empty for what operators make. */
  readonly stored: Uint8Array<ArrayBuffer>;
  readonly quantization: TfliteQuantization | null;
  /** Of a constant, with its zeros, in row-major order; int4 as int8. */
  dense(): Uint8Array<ArrayBuffer>;
}

/** `(integer - zero point) * scale`, one for each index of an axis or for all; or of blocks along the last axis. */
export type TfliteQuantization =
  | { readonly scales: readonly number[]; readonly zeroPoints: readonly number[]; readonly axis: number }
  /** Indices of tensors; no zero points: -1. */
  | { readonly scalesTensor: number; readonly zeroPointsTensor: number; readonly blockSize: number };

export interface TfliteModel {
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Of the first subgraph. */
  readonly tensors: readonly TfliteTensor[];
  /** @throws FormatError for an index of none */
  tensor(index: number): TfliteTensor;
}

// Numbers of fields in TFLite's schema (tensorflow/lite/schema/schema.fbs, version 3).
const modelFields = { operatorCodes: 1, subgraphs: 2, buffers: 4 };
const subgraphFields = { tensors: 0, inputs: 1, outputs: 2, operators: 3 };
const codeFields = { olderCode: 0, customName: 1, code: 3 };
const tensorFields = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantization: 4,
  isVariable: 5,
  sparsity: 6,
  signature: 7,
};
const operatorFields = { code: 0, inputs: 1, outputs: 2, options: 4 };
const quantizationFields = { scales: 2, zeroPoints: 3, detailsType: 4, details: 5, axis: 6 };
const blockwiseFields = { scales: 0, zeroPoints: 1, blockSize: 2 };
const blockwise = 2; // of QuantizationDetails
const reader = 'readTflite';

/** By TensorType. */
const types: readonly TfliteTensor['type'][] = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'other', // text
  'bool',
  'int16',
  'complex64',
  'int8',
  'float64',
  'complex128',
  'uint64',
  'other', // resource
  'other', // variant
  'uint32',
  'uint16',
  'int4',
  'bfloat16',
];

export function readTfliteFile(file: ArrayBuffer): TfliteModel {
  const model = FlatTable.root(file);
  const ops = model.tables(modelFields.operatorCodes).map(nameOf);
  const buffers = model.tables(modelFields.buffers);
  const graph = entryOf(model.tables(modelFields.subgraphs), 0, 'subgraphs');
  const tensors = graph.tables(subgraphFields.tensors).map((table) => tensorOf(table, buffers));
  return {
    inputs: graph.numbers(subgraphFields.inputs, 4),
    outputs: graph.numbers(subgraphFields.outputs, 4),
    operators: graph.tables(subgraphFields.operators).map((operator) => ({
      op: entryOf(ops, operator.int32(operatorFields.code), 'operator codes'),
      inputs: operator.numbers(operatorFields.inputs, 4),
      outputs: operator.numbers(operatorFields.outputs, 4),
      options: operator.table(operatorFields.options),
    })),
    tensors,
    tensor: (index) => entryOf(tensors, index, 'tensors'),
  };
}

function nameOf(table: FlatTable): string {
  const code = Math.max(table.byte(codeFields.olderCode), table.int32(codeFields.code)); // the older field ends at 127
  const name = operatorNames[code] ?? `operator ${code}`;
  return name === 'CUSTOM' ? `CUSTOM ${table.text(codeFields.customName)}` : name;
}

/** A constant as numbers: integers by its quantisation. @throws FormatError for a constant of another kind */
export function floatValues(model: TfliteModel, tensor: TfliteTensor): Float32Array {
  const { name, type, quantization, shape, dense } = tensor;
  requireFormat(type !== 'other', reader, 'a constant must be of numbers', name);
  const values = elementValues(dense(), type === 'int4' ? 'int8' : type);
  if (!quantization) return Float32Array.from(values as ArrayLike<number>, Number);
  if ('blockSize' in quantization) return ofBlocks(model, values, shape, quantization);
  const { scales, zeroPoints, axis } = quantization;
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const isPerAxis = scales.length > 1;
  const rule = `there must be one scale, or ${shape[axis]} (axis ${axis})`;
  requireFormat(!isPerAxis || scales.length === shape[axis], reader, rule, scales.length);
  return Float32Array.from(values as ArrayLike<number>, (value, i) => {
    const channel = isPerAxis ? Math.floor(i / inner) % scales.length : 0;
    return (Number(value) - (zeroPoints[channel] ?? 0)) * scales[channel];
  });
}

function ofBlocks(
  model: TfliteModel,
  values: ArrayLike<number | bigint>,
  shape: readonly number[],
  { scalesTensor, zeroPointsTensor, blockSize }: Extract<TfliteQuantization, { blockSize: number }>,
): Float32Array {
  const scales = floatValues(model, model.tensor(scalesTensor));
  const zeros = zeroPointsTensor < 0 ? null : floatValues(model, model.tensor(zeroPointsTensor));
  const width = shape.at(-1) ?? 0;
  const isFitting = blockSize > 0 && width % blockSize === 0 && scales.length === values.length / blockSize;
  requireFormat(isFitting, reader, `there must be a scale for each ${blockSize} of ${values.length}`, scales.length);
  return Float32Array.from(values as ArrayLike<number>, (value, i) => {
    const block = Math.floor(i / blockSize);
    return (Number(value) - (zeros?.[block] ?? 0)) * scales[block];
  });
}

function tensorOf(table: FlatTable, buffers: readonly FlatTable[]): TfliteTensor {
  const shape = table.numbers(tensorFields.shape, 4);
  requireFormat(shape.every((length) => length >= 0), reader, 'shapes must be of whole numbers', shape); // prettier-ignore
  const type = types[table.byte(tensorFields.type)] ?? 'other';
  const { buffer, byteOffset, byteLength } = entryOf(buffers, table.int32(tensorFields.buffer), 'buffers').bytes(0);
  const stored = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return {
    name: table.text(tensorFields.name),
    type,
    shape,
    signature: table.has(tensorFields.signature) ? table.numbers(tensorFields.signature, 4) : shape,
    isVariable: table.byte(tensorFields.isVariable) !== 0,
    stored,
    quantization: quantizationOf(table.table(tensorFields.quantization)),
    dense: () => denseOf(stored, type, shape, table.table(tensorFields.sparsity)),
  };
}

function denseOf(
  stored: Uint8Array<ArrayBuffer>,
  type: TfliteTensor['type'],
  shape: readonly number[],
  sparsity: FlatTable | null,
): Uint8Array<ArrayBuffer> {
  if (type === 'other') return stored;
  const size = shape.reduce((product, length) => product * length, 1);
  const elements = type === 'int4' ? unpacked(stored, sparsity ? 2 * stored.length : size) : stored;
  const width = type === 'int4' ? 1 : dtypeBytes[type];
  if (!sparsity) {
    const rule = `a constant must have ${size * width} bytes (${type} [${shape}])`;
    requireFormat(elements.length === size * width, reader, rule, elements.length);
    return elements;
  }
  const places = densePlaces(sparsity, shape, Math.floor(elements.length / width));
  const dense = new Uint8Array(size * width);
  places.forEach((place, i) => dense.set(elements.subarray(i * width, (i + 1) * width), place * width));
  return dense;
}

/** Two's complement of four bits, the lower half of a byte first, as int8. */
function unpacked(stored: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  requireFormat(
    Math.ceil(count / 2) === stored.length,
    reader,
    `int4 must have ${Math.ceil(count / 2)} bytes`,
    stored.length,
  );
  return Uint8Array.from({ length: count }, (_, i) => (((stored[i >> 1] >> (4 * (i & 1))) & 15) << 28) >> 28);
}

function quantizationOf(table: FlatTable | null): TfliteQuantization | null {
  if (!table) return null;
  const details = table.table(quantizationFields.details);
  if (table.byte(quantizationFields.detailsType) === blockwise && details) {
    return {
      scalesTensor: details.int32(blockwiseFields.scales),
      zeroPointsTensor: details.has(blockwiseFields.zeroPoints) ? details.int32(blockwiseFields.zeroPoints) : -1,
      blockSize: details.int32(blockwiseFields.blockSize),
    };
  }
  const scales = table.floats(quantizationFields.scales);
  const zeroPoints = table.int64s(quantizationFields.zeroPoints);
  return scales.length === 0 ? null : { scales, zeroPoints, axis: table.int32(quantizationFields.axis) };
}

/** What the file refers to by its number. */
function entryOf<T>(entries: readonly T[], index: number, kind: string): T {
  const isThere = Number.isInteger(index) && index >= 0 && index < entries.length;
  requireFormat(isThere, reader, `numbers of ${kind} must be below ${entries.length}`, index);
  return entries[index];
}
