import type { ByteSource } from '../bytes/byte-source.js';
import { dtypeBytes } from '../checkpoint/dtypes.js';
import type { TensorStorage } from '../checkpoint/stored-tensor.js';
import { requireFormat } from '../format-error.js';
import { PickleCutError } from './pickle/byte-cursor.js';
import { unpickle, type Unpickled } from './pickle/unpickle.js';
import { PickleDict, PickleList, type PickleValue } from './pickle/values.js';
import type { TorchFile } from './read-torch.js';
import { TorchContext, type NamedStorage } from './torch-context.js';

const reader = 'readTorch';
/** Bytes of the pickles before the tensors. */
const mostPickleBytes = 2 ** 28;
const firstWindow = 2 ** 16;

/** LONG1 of torch's magic number, behind PROTO 2. */
const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

export function isLegacyTorch(head: Uint8Array): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

/**
 * Reads the streams of torch before 1.6 (and of `_use_new_zipfile_serialization=False`): magic number, version, system,
 * object, keys of storages, then each storage behind its number of elements.
 *
 * @throws FormatError
 */
export async function readLegacyTorch(source: ByteSource): Promise<TorchFile> {
  const named = new Map<string, NamedStorage>();
  const places = new Map<string, number>();
  let isBigEndian = false;
  const context = new TorchContext((storage): TensorStorage => {
    const { key, location, byteLength } = storage;
    named.set(key, storage);
    return {
      key,
      location,
      byteLength,
      get isBigEndian() {
        return isBigEndian;
      },
      read: (start, length) => source.read(places.get(key)! + start, length),
    };
  });
  const stream = new PickleStream(source, context);
  await stream.next();
  const version = await stream.next();
  requireFormat(version === 1001, reader, 'the version of an old file must be 1001', String(version));
  const system = await stream.next();
  isBigEndian = system instanceof PickleDict && system.get('little_endian') === false;
  const value = await stream.next();
  const keys = await stream.next();
  requireFormat(keys instanceof PickleList, reader, 'there must be a list of keys of storages', 'none');
  let position = stream.position;
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? named.get(key) : undefined;
    requireFormat(storage !== undefined, reader, 'keys of storages must be those of the tensors', String(key));
    const head = await source.read(position, 8);
    const elements = Number(new DataView(head.buffer, head.byteOffset, 8).getBigInt64(0, !isBigEndian));
    const width = storage.dtype === null ? 1 : dtypeBytes[storage.dtype];
    const isLength = elements * width === storage.byteLength;
    requireFormat(
      isLength,
      reader,
      `storage ${storage.key} must have ${storage.byteLength / width} elements`,
      elements,
    );
    places.set(storage.key, position + 8);
    position += 8 + storage.byteLength;
    requireFormat(position <= source.size, reader, `${source.name} must have ${position} bytes`, source.size);
  }
  const without = [...named.keys()].find((key) => !places.has(key));
  requireFormat(without === undefined, reader, 'every storage must be in the file', `none with key ${without}`);
  return { container: 'legacy', value, globals: [...context.globals], storages: context.storages, archive: null };
}

/** Pickles one after the other, of unknown lengths. */
class PickleStream {
  position = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly context: TorchContext,
  ) {}

  async next(): Promise<PickleValue> {
    for (let window = firstWindow; ; window *= 4) {
      const length = Math.min(window, this.source.size - this.position);
      const read = this.#attempt(await this.source.read(this.position, length));
      if (read) {
        this.position += read.length;
        return read.value;
      }
      const isMore = length === window && window <= mostPickleBytes;
      requireFormat(isMore, reader, `${this.source.name} must be whole`, 'a pickle that is cut');
    }
  }

  #attempt(bytes: Uint8Array<ArrayBuffer>): Unpickled | null {
    try {
      return unpickle(bytes, this.context);
    } catch (error) {
      if (error instanceof PickleCutError) return null;
      throw error;
    }
  }
}
