import { requireFormat } from '../format-error.js';
import { PickleExtension } from '../torch/pickle/values.js';
import { dtypeBytes, type Dtype } from './dtypes.js';

/** Memory that tensors of a file share, read when it is asked for. */
export interface TensorStorage {
  /** Tensors with the same key share memory. */
  readonly key: string;
  /** Where it was: `cpu`, `cuda:0`; null where the file does not say. */
  readonly location: string | null;
  readonly byteLength: number;
  /** Bytes of the file's own order. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  readonly isBigEndian?: boolean;
}

export interface StoredTensorFields {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** In elements, of each axis. */
  readonly strides: readonly number[];
  /** In elements. */
  readonly storageOffset: number;
  readonly storage: TensorStorage;
  /** null where the file does not say. */
  readonly requiresGrad: boolean | null;
}

/** Elements of a tensor that repeats those of its storage (stride 0): more are refused, as a small file could ask for them. */
export const mostRepeatedElements = 2 ** 26;

/** A dense tensor of a file, or a view of one. */
export class StoredTensor extends PickleExtension implements StoredTensorFields {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly storageOffset: number;
  readonly storage: TensorStorage;
  readonly requiresGrad: boolean | null;
  /** Elements. */
  readonly size: number;

  /** @throws FormatError where it does not lie in its storage */
  constructor(reader: string, fields: StoredTensorFields) {
    super();
    const { dtype, shape, strides, storageOffset, storage, requiresGrad } = fields;
    const isSize = (value: number) => Number.isSafeInteger(value) && value >= 0;
    requireFormat(shape.every(isSize), reader, 'a shape must be of whole numbers', shape);
    const areStrides = strides.length === shape.length && strides.every(isSize);
    requireFormat(areStrides, reader, `strides must be ${shape.length} whole numbers (axes of the shape)`, strides);
    requireFormat(isSize(storageOffset), reader, 'the offset into a storage must be a whole number', storageOffset);
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.storageOffset = storageOffset;
    this.storage = storage;
    this.requiresGrad = requiresGrad;
    this.size = shape.reduce((product, length) => product * length, 1);
    const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], storageOffset);
    const elements = Math.floor(storage.byteLength / dtypeBytes[dtype]);
    const isInside = this.size === 0 ? storageOffset <= elements : last < elements;
    requireFormat(isInside, reader, `a tensor must lie within the ${elements} elements of its storage`, last + 1);
    const isRepeating = this.size > last - storageOffset + 1;
    const most = isRepeating ? mostRepeatedElements : Number.MAX_SAFE_INTEGER / 16;
    requireFormat(this.size <= most, reader, `a tensor must have at most ${most} elements`, this.size);
  }

  get byteLength(): number {
    return this.size * dtypeBytes[this.dtype];
  }

  /** Whether its elements lie one after the other in its storage, last axis fastest. */
  get isContiguous(): boolean {
    let expected = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if (this.shape[axis] !== 1 && this.strides[axis] !== expected) return false;
      expected *= this.shape[axis];
    }
    return true;
  }

  /** Some elements of a contiguous, little-endian tensor. */
  bytesOf(first: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    const width = dtypeBytes[this.dtype];
    return this.storage.read((this.storageOffset + first) * width, count * width);
  }

  /**
   * Its elements in row-major order, little-endian.
   *
   * @returns may be a view of memory that others see, and is not to be written
   */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const width = dtypeBytes[this.dtype];
    if (this.size === 0) return new Uint8Array(0);
    const last = this.shape.reduce((sum, length, axis) => sum + (length - 1) * this.strides[axis], 0);
    const spanned = await this.storage.read(this.storageOffset * width, (last + 1) * width);
    const rows = this.isContiguous ? spanned : gathered(spanned, this.shape, this.strides, width);
    const isComplex = this.dtype.startsWith('complex');
    return this.storage.isBigEndian ? swapped(rows, isComplex ? width / 2 : width) : rows;
  }
}

function gathered(
  from: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  width: number,
): Uint8Array<ArrayBuffer> {
  const size = shape.reduce((product, length) => product * length, 1);
  const to = new Uint8Array(size * width);
  const place = shape.map(() => 0);
  let source = 0; // in elements
  for (let element = 0; element < size; element++) {
    for (let byte = 0; byte < width; byte++) to[element * width + byte] = from[source * width + byte];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis];
      if (++place[axis] < shape[axis]) break;
      source -= place[axis] * strides[axis];
      place[axis] = 0;
    }
  }
  return to;
}

function swapped(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) turned[i - (i % width) + width - 1 - (i % width)] = bytes[i];
  return turned;
}
