import { isDtype, type Dtype } from '../checkpoint/dtypes.js';
import { QuantizedTensor } from '../checkpoint/quantized-tensor.js';
import { SparseCompressedTensor, SparseCooTensor } from '../checkpoint/sparse-tensors.js';
import { StoredTensor } from '../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../format-error.js';
import { kindOf } from './pickle/machine.js';
import { PickleDict, PickleGlobal, PickleList, PickleSet, PickleTuple, type PickleValue } from './pickle/values.js';
import { NumpyType, numpyArray, numpyScalar } from './numpy-values.js';
import { isSemiStructured, semiStructured } from './semi-structured.js';
import { StorageReference } from './storage-reference.js';

type Args = readonly PickleValue[];

/**
 * What a call of a known global gives; undefined for the others. The functions are those of `torch.save`, of numpy's
 * pickles and of the dicts of the standard library; each checks what it gets.
 *
 * @throws FormatError for arguments that its function does not take
 */
export function callGlobal({ module, name, path }: PickleGlobal, args: Args): PickleValue | undefined {
  const known = Object.hasOwn(functions, path) ? functions[path] : undefined;
  if (known) return known(args);
  if (path === 'torch._tensor._rebuild_from_type_v2') return fromType(args);
  const isNumpy = /^numpy\.(_?core)\.multiarray$/.test(module);
  return isNumpy && Object.hasOwn(numpyFunctions, name) ? numpyFunctions[name](args) : undefined;
}

const functions: Readonly<Record<string, (args: Args) => PickleValue>> = {
  'torch._utils._rebuild_tensor': ([storage, offset, shape, strides]) => strided(storage, offset, shape, strides, null),
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides, requiresGrad]) =>
    strided(storage, offset, shape, strides, requiresGrad),
  'torch._utils._rebuild_tensor_v3': ([storage, offset, shape, strides, requiresGrad, , dtype]) =>
    strided(storage, offset, shape, strides, requiresGrad, dtypeOf(dtype)),
  'torch._utils._rebuild_parameter': ([data, requiresGrad]) => parameter(data, requiresGrad),
  'torch._utils._rebuild_parameter_with_state': ([data, requiresGrad]) => parameter(data, requiresGrad),
  'torch._utils._rebuild_qtensor': quantized,
  'torch._utils._rebuild_sparse_tensor': sparse,
  'torch._utils._rebuild_sparse_csr_tensor': sparse,
  'torch.serialization._get_layout': ([layout]) => layout,
  'torch.Size': ([sizes]) => tuple(sizes),
  'collections.OrderedDict': (args) => dictOf('OrderedDict', args[0]),
  'collections.Counter': (args) => dictOf('Counter', args[0]),
  'collections.defaultdict': (args) => dictOf('defaultdict', args[1]),
  'builtins.set': ([items]) => new PickleSet(itemsOf(items)),
  '__builtin__.set': ([items]) => new PickleSet(itemsOf(items)),
  'builtins.frozenset': ([items]) => new PickleSet(itemsOf(items)),
  'builtins.bytearray': ([bytes]) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(0)),
  '_codecs.encode': ([text]) => latin1Bytes(text),
  'numpy.dtype': ([code]) => new NumpyType(textOf(code)),
};

const numpyFunctions: Readonly<Record<string, (args: Args) => PickleValue>> = {
  scalar: ([type, bytes]) => numpyScalar(type, bytes),
  _reconstruct: () => numpyArray(),
};

const reader = 'readTorch';

function strided(
  reference: PickleValue | undefined,
  offset: PickleValue | undefined,
  shape: PickleValue | undefined,
  strides: PickleValue | undefined,
  requiresGrad: PickleValue | undefined,
  givenDtype?: Dtype,
): StoredTensor {
  if (!(reference instanceof StorageReference)) throw refusal('a tensor must have a storage', reference);
  const dtype = givenDtype ?? reference.dtype;
  if (dtype === null) throw new FormatError(`${reader}: a tensor of an untyped storage must say its dtype, got none`);
  return new StoredTensor(reader, {
    dtype,
    shape: numbersOf(shape),
    strides: numbersOf(strides),
    storageOffset: numberOf(offset) + reference.firstElement,
    storage: reference.storage,
    requiresGrad: typeof requiresGrad === 'boolean' ? requiresGrad : null,
  });
}

function parameter(data: PickleValue | undefined, requiresGrad: PickleValue | undefined): PickleValue {
  if (!(data instanceof StoredTensor)) return data ?? null; // of a foreign class: a placeholder
  return new StoredTensor(reader, { ...data, requiresGrad: requiresGrad === true });
}

function quantized([reference, offset, shape, strides, parameters]: Args): QuantizedTensor {
  const integers = strided(reference, offset, shape, strides, false);
  const [scheme, ...numbers] = itemsOf(parameters);
  if (!(scheme instanceof PickleGlobal)) throw refusal('a quantised tensor must name its scheme', scheme);
  if (scheme.path === 'torch.per_tensor_affine') {
    const [scale, zeroPoint] = numbers.map(numberOf);
    return new QuantizedTensor(integers, { scale, zeroPoint });
  }
  const [scales, zeroPoints, axis] = numbers;
  const isPerChannel = scheme.path === 'torch.per_channel_affine' || scheme.path === 'torch.per_channel_affine_float_qparams'; // prettier-ignore
  if (!isPerChannel || !(scales instanceof StoredTensor) || !(zeroPoints instanceof StoredTensor)) {
    throw refusal('a quantised tensor must be affine, per tensor or per channel', scheme);
  }
  return new QuantizedTensor(integers, { scales, zeroPoints, axis: numberOf(axis) });
}

const compressedLayouts = { sparse_csr: 'csr', sparse_csc: 'csc', sparse_bsr: 'bsr', sparse_bsc: 'bsc' } as const;

function sparse([layout, data]: Args): PickleValue {
  const name = textOf(layout).replace(/^torch\./, '');
  const parts = itemsOf(data);
  const tensors = parts.filter((part) => part instanceof StoredTensor);
  if (name === 'sparse_coo') {
    requireFormat(tensors.length === 2, reader, 'a COO tensor must have indices and values', tensors.length);
    return new SparseCooTensor(tensors[0], tensors[1], numbersOf(parts[2]));
  }
  const isCompressed = Object.hasOwn(compressedLayouts, name);
  requireFormat(isCompressed, reader, 'the layout of a sparse tensor must be known', name);
  requireFormat(tensors.length === 3, reader, `a ${name} tensor must have three tensors`, tensors.length);
  const [compressed, plain, values] = tensors;
  const kind = compressedLayouts[name as keyof typeof compressedLayouts];
  return new SparseCompressedTensor(kind, compressed, plain, values, numbersOf(parts[3]));
}

/** A tensor with attributes, or of a subclass: of function, class, its arguments and state. */
function fromType([made, type, args, state]: Args): PickleValue | undefined {
  if (type instanceof PickleGlobal && isSemiStructured(type)) return semiStructured(type, itemsOf(args), state);
  return made instanceof PickleGlobal ? callGlobal(made, itemsOf(args)) : undefined;
}

/** Of `torch.float32` and the like. */
function dtypeOf(value: PickleValue | undefined): Dtype {
  const name = value instanceof PickleGlobal && value.module === 'torch' ? value.name : '';
  if (!isDtype(name)) throw refusal('a dtype must be known', value);
  return name;
}

function dictOf(kind: PickleDict['kind'], given: PickleValue | undefined): PickleDict {
  const dict = new PickleDict(kind);
  if (given instanceof PickleDict) for (const [key, value] of given.entries) dict.entries.set(key, value);
  else if (given instanceof PickleList || given instanceof PickleTuple) {
    for (const pair of given.items) {
      const [key, value] = itemsOf(pair);
      dict.entries.set(key, value);
    }
  }
  return dict;
}

function tuple(value: PickleValue | undefined): PickleTuple {
  return new PickleTuple(itemsOf(value));
}

function itemsOf(value: PickleValue | undefined): PickleValue[] {
  const isSequence = value instanceof PickleTuple || value instanceof PickleList || value instanceof PickleSet;
  if (!isSequence) throw refusal('there must be a sequence', value);
  return [...value.items];
}

function numbersOf(value: PickleValue | undefined): number[] {
  return itemsOf(value).map(numberOf);
}

function numberOf(value: PickleValue | undefined): number {
  if (typeof value !== 'number') throw refusal('there must be a number', value);
  return value;
}

function textOf(value: PickleValue | undefined): string {
  if (typeof value !== 'string') throw refusal('there must be a text', value);
  return value;
}

/** Bytes as protocol 2 writes them: a text with a character per byte. */
function latin1Bytes(value: PickleValue | undefined): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(textOf(value), (character) => character.charCodeAt(0));
}

function refusal(rule: string, value: PickleValue | undefined): FormatError {
  return new FormatError(`${reader}: ${rule}, got ${value === undefined ? 'nothing' : kindOf(value)}`);
}
