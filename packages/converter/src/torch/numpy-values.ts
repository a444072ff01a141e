import { dtypeBytes, type Dtype } from '../checkpoint/dtypes.js';
import { StoredTensor, type TensorStorage } from '../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../format-error.js';
import { kindOf } from './pickle/machine.js';
import { PickleExtension, PickleTuple, type PickleValue } from './pickle/values.js';

const reader = 'readTorch';

/** numpy's codes of the types that have a name here. */
const dtypes: Readonly<Record<string, Dtype>> = {
  f8: 'float64',
  f4: 'float32',
  f2: 'float16',
  c8: 'complex64',
  c16: 'complex128',
  i8: 'int64',
  i4: 'int32',
  i2: 'int16',
  i1: 'int8',
  u8: 'uint64',
  u4: 'uint32',
  u2: 'uint16',
  u1: 'uint8',
  b1: 'bool',
};

/** numpy.dtype: its code, and by BUILD its byte order. */
export class NumpyType extends PickleExtension {
  constructor(
    readonly code: string,
    readonly isBigEndian = false,
  ) {
    super();
  }

  get dtype(): Dtype {
    const dtype = Object.hasOwn(dtypes, this.code) ? dtypes[this.code] : undefined;
    if (dtype === undefined) throw new FormatError(`${reader}: a numpy type must be of numbers, got ${this.code}`);
    return dtype;
  }

  withState(state: PickleValue): NumpyType {
    return new NumpyType(this.code, state instanceof PickleTuple && state.items[1] === '>');
  }
}

/** An array before BUILD has given it its contents. */
export class EmptyNumpyArray extends PickleExtension {}

export function numpyArray(): PickleExtension {
  return new EmptyNumpyArray();
}

/** The array of BUILD's state: version, shape, type, whether the first axis is the fastest, bytes. */
export function filledArray(state: PickleValue): StoredTensor {
  const [, shape, type, isFortran, bytes] = state instanceof PickleTuple ? state.items : [];
  if (!(shape instanceof PickleTuple) || !(type instanceof NumpyType) || !(bytes instanceof Uint8Array)) {
    throw new FormatError(`${reader}: a numpy array must have a shape, a type and bytes, got ${kindOf(state)}`);
  }
  const sizes = shape.items.map(Number);
  const axes = sizes.map((_, axis) => axis);
  const fromFastest = isFortran === true ? axes : [...axes].reverse();
  const strides = sizes.map(() => 0);
  let step = 1;
  for (const axis of fromFastest) {
    strides[axis] = step;
    step *= sizes[axis];
  }
  return tensorOf(bytes, type, sizes, strides);
}

/** A number, or bytes of one that has no type here. */
export function numpyScalar(type: PickleValue | undefined, bytes: PickleValue | undefined): PickleValue {
  if (!(type instanceof NumpyType) || !(bytes instanceof Uint8Array)) return bytes ?? null;
  const { dtype } = type;
  requireFormat(bytes.length === dtypeBytes[dtype], reader, `a numpy ${dtype} must have its bytes`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittle = !type.isBigEndian;
  switch (dtype) {
    case 'float64':
      return view.getFloat64(0, isLittle);
    case 'float32':
      return view.getFloat32(0, isLittle);
    case 'int64':
      return Number(view.getBigInt64(0, isLittle));
    case 'int32':
      return view.getInt32(0, isLittle);
    case 'bool':
      return bytes[0] !== 0;
    default:
      return tensorOf(bytes, type, [], []);
  }
}

function tensorOf(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, isBigEndian }: NumpyType,
  shape: readonly number[],
  strides: readonly number[],
): StoredTensor {
  const storage = memoryStorage(bytes, isBigEndian);
  return new StoredTensor(reader, { dtype, shape, strides, storageOffset: 0, storage, requiresGrad: null });
}

let arrays = 0;

function memoryStorage(bytes: Uint8Array<ArrayBuffer>, isBigEndian: boolean): TensorStorage {
  return {
    key: `numpy${arrays++}`,
    location: null,
    byteLength: bytes.length,
    isBigEndian,
    read: async (start, length) => bytes.subarray(start, start + length),
  };
}
