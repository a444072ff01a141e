import type { ByteSource } from '../bytes/byte-source.js';
import type { TensorStorage } from '../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../format-error.js';
import type { Archive } from './archive.js';
import { PickleCutError } from './pickle/byte-cursor.js';
import { unpickle } from './pickle/unpickle.js';
import type { PickleValue } from './pickle/values.js';
import { TorchContext, type NamedStorage } from './torch-context.js';

/** A file of torch.save or torch.jit.save: what it holds, with tensors whose bytes are read as they are asked for. */
export interface TorchFile {
  readonly container: 'zip' | 'legacy';
  readonly value: PickleValue;
  /** Names of modules that are called in it, such as `torch._utils._rebuild_tensor_v2`. */
  readonly globals: readonly string[];
  readonly storages: readonly TensorStorage[];
  /** Of the archive, where it is one. */
  readonly archive: Archive | null;
}

const reader = 'readTorch';
/** Bytes of a pickle, without the tensors. */
const mostPickleBytes = 2 ** 28;

/**
 * Reads the zip files of torch 1.6 and later and TorchScript's: `<root>/data.pkl` beside `<root>/data/<key>`.
 *
 * @throws FormatError
 */
export async function readTorchZip(source: ByteSource, archive: Archive): Promise<TorchFile> {
  return readPickle(source, archive, rootOf(source, archive), 'data');
}

/** Where in an archive its data.pkl is: a folder with a slash behind it, or nothing. */
export function rootOf(source: ByteSource, archive: Archive): string {
  const pickles = archive.names.filter((name) => /(^|\/)data\.pkl$/.test(name));
  requireFormat(pickles.length === 1, reader, `${source.name} must have one data.pkl`, pickles.length);
  return pickles[0].slice(0, -'data.pkl'.length);
}

/** Reads `<root><name>.pkl`, whose tensors are in `<root><name>/`, but where they have shapes alone. */
export async function readPickle(
  source: ByteSource,
  archive: Archive,
  root: string,
  name: string,
  hasElements = true,
): Promise<TorchFile> {
  const isBigEndian = (await textOf(archive, `${root}byteorder`)) === 'big';
  const context = new TorchContext(({ key, location, byteLength }: NamedStorage): TensorStorage => {
    const entry = archive.entry(`${root}${name}/${key}`);
    if (!hasElements)
      return { key, location, byteLength, isBigEndian, read: (start, length) => entry.read(start, length) };
    requireFormat(entry.size >= byteLength, reader, `storage ${key} must have ${byteLength} bytes`, entry.size);
    return { key, location, byteLength: entry.size, isBigEndian, read: (start, length) => entry.read(start, length) };
  });
  const pickle = archive.entry(`${root}${name}.pkl`);
  requireFormat(
    pickle.size <= mostPickleBytes,
    reader,
    `${name}.pkl must have at most ${mostPickleBytes} bytes`,
    pickle.size,
  );
  const bytes = await pickle.read(0, pickle.size);
  const { value } = whole(() => unpickle(bytes, context), source.name);
  return { container: 'zip', value, globals: [...context.globals], storages: context.storages, archive };
}

async function textOf(archive: Archive, name: string): Promise<string | null> {
  if (!archive.names.includes(name)) return null;
  const entry = archive.entry(name);
  return new TextDecoder().decode(await entry.read(0, Math.min(entry.size, 64))).trim();
}

function whole<T>(run: () => T, name: string): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PickleCutError)) throw error;
    throw new FormatError(`${reader}: ${name} must be whole, got a pickle that is cut`, { cause: error });
  }
}
