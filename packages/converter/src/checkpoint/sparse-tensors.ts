import { requireFormat } from '../format-error.js';
import { PickleExtension } from '../torch/pickle/values.js';
import { dtypeBytes } from './dtypes.js';
import { mostRepeatedElements, type StoredTensor } from './stored-tensor.js';

const reader = 'sparse tensor';

/** torch's COO layout: `values[i]` at `indices[:, i]`; those at the same place are to be summed. */
export class SparseCooTensor extends PickleExtension {
  constructor(
    /** int64 `[sparse axes, entries]` */
    readonly indices: StoredTensor,
    /** `[entries, ...dense axes]` */
    readonly values: StoredTensor,
    readonly shape: readonly number[],
  ) {
    super();
    const { shape: of } = indices;
    const isFitting = of.length === 2 && of[0] <= shape.length && of[1] === values.shape[0];
    requireFormat(isFitting, reader, `indices must be [axes, ${values.shape[0]}] (values)`, of);
    const dense = shape.slice(of[0]).join();
    const given = values.shape.slice(1).join();
    requireFormat(dense === given, reader, `values must be [entries, ${dense}] (shape)`, values.shape);
    requireDenseSize(shape);
  }
}

/** torch's CSR, CSC, BSR and BSC layouts of matrices. */
export class SparseCompressedTensor extends PickleExtension {
  constructor(
    readonly layout: 'csr' | 'csc' | 'bsr' | 'bsc',
    /** `[rows + 1]`, of blocks of rows in BSR; of columns in CSC and BSC. */
    readonly compressed: StoredTensor,
    /** `[entries]` */
    readonly plain: StoredTensor,
    /** `[entries]`, in BSR and BSC `[entries, block rows, block columns]` */
    readonly values: StoredTensor,
    readonly shape: readonly number[],
  ) {
    super();
    requireFormat(shape.length === 2, reader, `a ${layout} tensor must be a matrix`, `shape [${shape}]`);
    requireDenseSize(shape);
    const block = layout === 'csr' || layout === 'csc' ? [1, 1] : values.shape.slice(1);
    const isBlock = block.length === 2 && block.every((size, axis) => size > 0 && shape[axis] % size === 0);
    requireFormat(isBlock, reader, `blocks must divide the shape [${shape}]`, block);
    const axis = layout === 'csr' || layout === 'bsr' ? 0 : 1;
    const rule = `the compressed indices of ${layout} must be [${shape[axis] / block[axis] + 1}] (shape)`;
    const isFitting = compressed.shape.length === 1 && compressed.size === shape[axis] / block[axis] + 1;
    requireFormat(isFitting, reader, rule, compressed.shape);
    const isPlain = plain.shape.length === 1 && plain.size === values.shape[0];
    requireFormat(isPlain, reader, `the plain indices of ${layout} must be [${values.shape[0]}] (values)`, plain.shape);
  }
}

export type SparseTensorOfFile = SparseCooTensor | SparseCompressedTensor;

/**
 * The dense elements in row-major order, little-endian, in the dtype of the values.
 *
 * @throws FormatError for an index out of range
 */
export async function densifiedBytes(tensor: SparseTensorOfFile): Promise<Uint8Array<ArrayBuffer>> {
  return tensor instanceof SparseCooTensor ? denseOfCoo(tensor) : denseOfCompressed(tensor);
}

async function denseOfCoo({ indices, values, shape }: SparseCooTensor): Promise<Uint8Array<ArrayBuffer>> {
  const [axes, entries] = indices.shape;
  const places = integersOf(await indices.bytes(), indices.dtype);
  const rows = await values.bytes();
  const width = dtypeBytes[values.dtype];
  const rowSize = shape.slice(axes).reduce((product, length) => product * length, 1);
  const dense = new Uint8Array(shape.reduce((product, length) => product * length, 1) * width);
  const isWritten = new Set<number>();
  for (let entry = 0; entry < entries; entry++) {
    let row = 0;
    for (let axis = 0; axis < axes; axis++)
      row = row * shape[axis] + requireIndex(places[axis * entries + entry], shape[axis]);
    const from = rows.subarray(entry * rowSize * width, (entry + 1) * rowSize * width);
    const to = dense.subarray(row * rowSize * width, (row + 1) * rowSize * width);
    if (isWritten.has(row)) addInto(to, from, values.dtype);
    else to.set(from);
    isWritten.add(row);
  }
  return dense;
}

async function denseOfCompressed(tensor: SparseCompressedTensor): Promise<Uint8Array<ArrayBuffer>> {
  const { layout, compressed, plain, values, shape } = tensor;
  const starts = integersOf(await compressed.bytes(), compressed.dtype);
  const minor = integersOf(await plain.bytes(), plain.dtype);
  const from = await values.bytes();
  const width = dtypeBytes[values.dtype];
  const [blockRows, blockColumns] = layout === 'csr' || layout === 'csc' ? [1, 1] : values.shape.slice(1);
  const isByRow = layout === 'csr' || layout === 'bsr';
  const minorCount = isByRow ? shape[1] / blockColumns : shape[0] / blockRows;
  const isWhole = starts[0] === 0 && starts[starts.length - 1] === minor.length;
  requireFormat(isWhole, reader, `compressed indices must go from 0 to ${minor.length}`, [starts[0], starts.at(-1)!]);
  const dense = new Uint8Array(shape[0] * shape[1] * width);
  for (let major = 0; major + 1 < starts.length; major++) {
    const [first, end] = [starts[major], starts[major + 1]];
    requireFormat(first <= end && end <= minor.length, reader, 'compressed indices must ascend', [first, end]);
    for (let entry = first; entry < end; entry++) {
      const other = requireIndex(minor[entry], minorCount);
      const [blockRow, blockColumn] = isByRow ? [major, other] : [other, major];
      for (let row = 0; row < blockRows; row++) {
        const source = (entry * blockRows + row) * blockColumns * width;
        const target = ((blockRow * blockRows + row) * shape[1] + blockColumn * blockColumns) * width;
        dense.set(from.subarray(source, source + blockColumns * width), target);
      }
    }
  }
  return dense;
}

function requireIndex(value: number, count: number): number {
  requireFormat(value >= 0 && value < count, reader, `indices must be from 0 to ${count - 1}`, value);
  return value;
}

export function requireDenseSize(shape: readonly number[]): void {
  const areSizes = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  const size = shape.reduce((product, length) => product * length, 1);
  const rule = `a sparse tensor must have at most ${mostRepeatedElements} elements once it is dense`;
  requireFormat(areSizes && size <= mostRepeatedElements, reader, rule, `shape [${shape}]`);
}

/** @throws FormatError for other than int64 and int32 */
export function integersOf(bytes: Uint8Array<ArrayBuffer>, dtype: string): number[] {
  requireFormat(dtype === 'int64' || dtype === 'int32', reader, 'indices must be int64 or int32', dtype);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const width = dtype === 'int64' ? 8 : 4;
  return Array.from({ length: bytes.length / width }, (_, i) =>
    width === 8 ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true),
  );
}

/** Sums of duplicates, which are rare: element by element, in the dtype. */
function addInto(to: Uint8Array<ArrayBuffer>, from: Uint8Array<ArrayBuffer>, dtype: string): void {
  const [a, b] = [to, from].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  if (dtype === 'float32') {
    for (let i = 0; i < to.length; i += 4) a.setFloat32(i, a.getFloat32(i, true) + b.getFloat32(i, true), true);
  } else if (dtype === 'float64') {
    for (let i = 0; i < to.length; i += 8) a.setFloat64(i, a.getFloat64(i, true) + b.getFloat64(i, true), true);
  } else if (dtype === 'int64') {
    for (let i = 0; i < to.length; i += 8) a.setBigInt64(i, a.getBigInt64(i, true) + b.getBigInt64(i, true), true);
  } else {
    requireFormat(false, reader, 'entries at the same place must be float32, float64 or int64', dtype);
  }
}
