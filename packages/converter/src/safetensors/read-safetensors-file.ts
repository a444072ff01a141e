import { readSafetensorsHeader, safetensorsHeaderBytes, type SafetensorsHeader } from '@tfjs-sparse/core';
import type { ByteSource } from '../bytes/byte-source.js';
import type { Dtype } from '../checkpoint/dtypes.js';
import { StoredTensor } from '../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../format-error.js';

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Tensors of types that have no whole bytes, such as F4, by name. */
  readonly unread: ReadonlyMap<string, string>;
}

const reader = 'readSafetensors';

const dtypes: Readonly<Record<string, Dtype>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
  F8_E8M0: 'float8_e8m0fnu',
  C64: 'complex64',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};

/**
 * The header of a safetensors file; the bytes of tensors are read as they are asked for.
 *
 * @throws FormatError for what breaks the format (huggingface/safetensors: README, Format)
 */
export async function readSafetensorsFile(source: ByteSource): Promise<SafetensorsFile> {
  const { entries, metadata } = await headerOf(source);
  const tensors = new Map<string, StoredTensor>();
  const unread = new Map<string, string>();
  for (const { name, dtype: stored, shape, begin, end } of entries) {
    const dtype = Object.hasOwn(dtypes, stored) ? dtypes[stored] : undefined;
    if (!dtype) {
      unread.set(name, stored);
      continue;
    }
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
    const storage = {
      key: name,
      location: null,
      byteLength: end - begin,
      read: (start: number, length: number) => source.read(begin + start, length),
    };
    tensors.set(
      name,
      new StoredTensor(reader, { dtype, shape, strides, storageOffset: 0, storage, requiresGrad: null }),
    );
  }
  return { tensors, metadata, unread };
}

/** `*.safetensors.index.json`: the tensors of several files, by its `weight_map`. */
export async function readSafetensorsIndex(source: ByteSource, json: unknown): Promise<SafetensorsFile> {
  const map = (json as { weight_map?: unknown }).weight_map;
  const isMap = typeof map === 'object' && map !== null && Object.values(map).every((file) => typeof file === 'string');
  requireFormat(isMap, reader, `${source.name} must have a weight_map of file names`, typeof map);
  const files = new Map<string, SafetensorsFile>();
  const tensors = new Map<string, StoredTensor>();
  for (const [name, file] of Object.entries(map as Record<string, string>)) {
    requireFormat(/^[^/\\]+$/.test(file) && file !== '..', reader, 'files of an index must lie beside it', file);
    if (!files.has(file)) {
      const beside = await source.sibling?.(file);
      requireFormat(beside !== undefined && beside !== null, reader, `${file} must lie beside ${source.name}`, 'none');
      files.set(file, await readSafetensorsFile(beside));
    }
    const tensor = files.get(file)!.tensors.get(name);
    requireFormat(tensor !== undefined, reader, `${file} must have the tensor ${name} (${source.name})`, 'none');
    tensors.set(name, tensor);
  }
  return { tensors, metadata: new Map(), unread: new Map() };
}

async function headerOf(source: ByteSource): Promise<SafetensorsHeader> {
  try {
    const length = safetensorsHeaderBytes(await source.read(0, Math.min(8, source.size)));
    requireFormat(length <= source.size, reader, `the header must end within ${source.size} bytes`, length);
    return readSafetensorsHeader(await source.read(0, length), source.size);
  } catch (error) {
    if (error instanceof RangeError) throw new FormatError(error.message, { cause: error });
    throw error;
  }
}
