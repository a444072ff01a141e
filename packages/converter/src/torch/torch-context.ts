import { dtypeBytes, isDtype, type Dtype } from '../checkpoint/dtypes.js';
import { StoredTensor, type TensorStorage } from '../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../format-error.js';
import { callGlobal } from './call-global.js';
import { EmptyNumpyArray, filledArray, NumpyType } from './numpy-values.js';
import { kindOf, type PickleContext } from './pickle/machine.js';
import { PickleGlobal, PickleTuple, type PickleValue } from './pickle/values.js';
import { StorageReference } from './storage-reference.js';

/** A storage that a pickle names, as yet without its bytes. */
export interface NamedStorage {
  readonly key: string;
  readonly location: string | null;
  readonly byteLength: number;
  readonly dtype: Dtype | null;
}

const reader = 'readTorch';

/** torch's names of storage classes that are not their element types. */
const storageTypes: Readonly<Record<string, Dtype>> = {
  Double: 'float64',
  Float: 'float32',
  Half: 'float16',
  BFloat16: 'bfloat16',
  ComplexDouble: 'complex128',
  ComplexFloat: 'complex64',
  Long: 'int64',
  Int: 'int32',
  Short: 'int16',
  Char: 'int8',
  Byte: 'uint8',
  Bool: 'bool',
  QInt8: 'qint8',
  QUInt8: 'quint8',
  QInt32: 'qint32',
};

/** What pickles of torch.save mean. @param open gives a storage its bytes, once for each key */
export class TorchContext implements PickleContext {
  readonly #storages = new Map<string, TensorStorage>();
  /** Every name of a module that the pickle has, in the order of their first uses. */
  readonly globals = new Set<string>();

  constructor(private readonly open: (named: NamedStorage) => TensorStorage) {}

  call(made: PickleGlobal, args: readonly PickleValue[]): PickleValue | undefined {
    this.globals.add(made.path);
    return callGlobal(made, args);
  }

  /** `('storage', type, key, location, elements)`, in old files with a view `(key, offset, elements)` or None behind. */
  persistent(id: PickleValue): StorageReference {
    const [kind, type, key, location, size, view] = id instanceof PickleTuple ? id.items : [];
    const isStorage = kind === 'storage' && typeof key === 'string' && typeof size === 'number';
    requireFormat(isStorage && Number.isSafeInteger(size) && size >= 0, reader, 'a persistent id must be of a storage', kindOf(id)); // prettier-ignore
    const dtype = storageDtype(type);
    const byteLength = size * (dtype === null ? 1 : dtypeBytes[dtype]);
    const named = { key, location: typeof location === 'string' ? location : null, byteLength, dtype };
    const storage = this.#storages.get(key) ?? this.open(named);
    this.#storages.set(key, storage);
    const isLike = storage.byteLength >= byteLength;
    requireFormat(isLike, reader, `storage ${key} must have ${byteLength} bytes`, storage.byteLength);
    const firstElement = view instanceof PickleTuple ? Number(view.items[1]) : 0;
    return new StorageReference(dtype, storage, firstElement);
  }

  build(value: PickleValue, state: PickleValue): PickleValue {
    if (value instanceof NumpyType) return value.withState(state);
    if (value instanceof EmptyNumpyArray) return filledArray(state);
    if (value instanceof StoredTensor) return value; // attributes of a tensor or a parameter
    throw new FormatError(`${reader}: there must be an object that takes a state, got ${kindOf(value)}`);
  }

  get storages(): readonly TensorStorage[] {
    return [...this.#storages.values()];
  }
}

/** Of `torch.FloatStorage`, `torch.cuda.FloatStorage`, `torch.storage.UntypedStorage`; null for the last. */
function storageDtype(type: PickleValue | undefined): Dtype | null {
  const name = type instanceof PickleGlobal && /^torch(\.|$)/.test(type.module) ? type.name : '';
  const element = name.replace(/Storage$/, '');
  if (element === 'Untyped') return null;
  if (Object.hasOwn(storageTypes, element)) return storageTypes[element];
  requireFormat(isDtype(element), reader, 'a storage must be of a known type', type ? kindOf(type) : 'nothing');
  return element;
}
