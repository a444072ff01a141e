import { float16Value, requireRange, violation } from '@tfjs-sparse/core';
import { FlatTable } from './flat-table.js';

/** An operator of a TFLite model: inputs and outputs are indices of tensors. */
export interface TfliteOperator {
  /** Of `BuiltinOperator` in TFLite's schema. */
  readonly code: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | null;
}

export interface TfliteModel {
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  shape(tensor: number): number[];
  /** Of a constant, with its zeros; null for what operators make. */
  values(tensor: number): Float32Array | Int32Array | null;
}

// Numbers of fields in TFLite's schema (tensorflow/lite/schema/schema.fbs, version 3).
const modelFields = { operatorCodes: 1, subgraphs: 2, buffers: 4 };
const subgraphFields = { tensors: 0, inputs: 1, outputs: 2, operators: 3 };
const tensorFields = { shape: 0, type: 1, buffer: 2, sparsity: 6 };
const operatorFields = { code: 0, inputs: 1, outputs: 2, options: 4 };
const sparsityFields = { traversalOrder: 0, blockMap: 1, dimensions: 2 };
const dimensionFields = { format: 0, segmentType: 2, segments: 3, indexType: 4, indices: 5 };
const bytesOfIndex = [0, 4, 2, 1] as const; // by the type of the vector: none, int32, uint16, uint8
const [float32, float16, int32] = [0, 1, 2];
const mostElements = 2 ** 28; // of a densified tensor: 1 GiB
const name = 'readTflite';

export function readTfliteFile(file: ArrayBuffer): TfliteModel {
  const model = FlatTable.root(file);
  const codes = model.tables(modelFields.operatorCodes).map((code) => Math.max(code.byte(0), code.int32(3))); // the older field ends at 127
  const buffers = model.tables(modelFields.buffers);
  const graph = entryOf(model.tables(modelFields.subgraphs), 0, 'subgraphs');
  const tensors = graph.tables(subgraphFields.tensors);
  const shape = (tensor: number) => entryOf(tensors, tensor, 'tensors').numbers(tensorFields.shape, 4);
  return {
    inputs: graph.numbers(subgraphFields.inputs, 4),
    outputs: graph.numbers(subgraphFields.outputs, 4),
    operators: graph.tables(subgraphFields.operators).map((operator) => ({
      code: entryOf(codes, operator.int32(operatorFields.code), 'operator codes'),
      inputs: operator.numbers(operatorFields.inputs, 4),
      outputs: operator.numbers(operatorFields.outputs, 4),
      options: operator.table(operatorFields.options),
    })),
    shape,
    values(tensor) {
      const table = entryOf(tensors, tensor, 'tensors');
      const bytes = entryOf(buffers, table.int32(tensorFields.buffer), 'buffers').bytes(0);
      if (bytes.byteLength === 0) return null;
      const stored = numbersOf(bytes, table.byte(tensorFields.type));
      const sparsity = table.table(tensorFields.sparsity);
      return sparsity ? densified(stored as Float32Array, sparsity, shape(tensor)) : stored;
    },
  };
}

/** What the file refers to by its number. */
function entryOf<T>(entries: readonly T[], index: number, kind: string): T {
  const isThere = index >= 0 && index < entries.length;
  requireRange(isThere, name, `numbers of ${kind} must be below ${entries.length}`, index);
  return entries[index];
}

function numbersOf(bytes: DataView, type: number): Float32Array | Int32Array {
  if (type === float16)
    return Float32Array.from({ length: bytes.byteLength / 2 }, (_, i) => float16Value(bytes.getUint16(2 * i, true)));
  const length = bytes.byteLength / 4;
  if (type === float32) return Float32Array.from({ length }, (_, i) => bytes.getFloat32(4 * i, true));
  if (type === int32) return Int32Array.from({ length }, (_, i) => bytes.getInt32(4 * i, true));
  throw new RangeError(violation(name, 'constants must be float32, float16 or int32', `type ${type}`));
}

/** The tensor with its zeros: rows along the last axis are stored as in a CSR matrix. */
function densified(stored: Float32Array, sparsity: FlatTable, shape: readonly number[]): Float32Array {
  const dimensions = sparsity.tables(sparsityFields.dimensions);
  const order = sparsity.numbers(sparsityFields.traversalOrder, 4);
  const formats = dimensions.map((dimension) => dimension.byte(dimensionFields.format));
  const last = shape.length - 1;
  const blockMap = sparsity.numbers(sparsityFields.blockMap, 4);
  const areRows =
    order.length === shape.length &&
    formats.length === shape.length &&
    blockMap.length === 0 &&
    order.every((axis, i) => axis === i) &&
    formats.every((format, i) => format === Number(i === last));
  const got = `order [${order}], formats [${formats}], blocks [${blockMap}] for shape [${shape}]`;
  requireRange(areRows, name, 'sparse tensors must be rows of their last axis', got);
  const indexVector = (typeField: number, field: number) =>
    dimensions[last].table(field)!.numbers(0, bytesOfIndex[dimensions[last].byte(typeField)] as 1 | 2 | 4);
  const segments = indexVector(dimensionFields.segmentType, dimensionFields.segments);
  const indices = indexVector(dimensionFields.indexType, dimensionFields.indices);
  const width = shape[last];
  const size = shape.reduce((product, length) => product * length, 1);
  requireRange(size <= mostElements, name, `sparse tensors must have at most ${mostElements} elements`, size);
  const areWhole =
    segments.length === size / width + 1 &&
    segments[0] === 0 &&
    segments.every((start, row) => row === 0 || start >= segments[row - 1]) &&
    segments.at(-1) === stored.length &&
    indices.length === stored.length &&
    indices.every((column) => column >= 0 && column < width);
  const rule = `segments must ascend to the ${stored.length} stored values, with columns below ${width}`;
  requireRange(areWhole, name, rule, `${segments.length} segments and ${indices.length} columns`);
  const dense = new Float32Array(size);
  for (let row = 0; row < segments.length - 1; row++) {
    for (let i = segments[row]; i < segments[row + 1]; i++) dense[row * width + indices[i]] = stored[i];
  }
  return dense;
}
