import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

type Part = number | string | readonly Part[];

/** Bytes of opcodes (numbers) and texts. */
export function pickleBytes(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const flat = (part: Part): number[] => {
    if (typeof part === 'number') return [part];
    return typeof part === 'string' ? [...new TextEncoder().encode(part)] : part.flatMap(flat);
  };
  return Uint8Array.from([0x80, 2, ...flat(parts), 0x2e]);
}

/** BINUNICODE. */
export function text(value: string): Part {
  const bytes = new TextEncoder().encode(value);
  return [0x58, bytes.length, 0, 0, 0, value];
}

/** GLOBAL. */
export function name(module: string, attribute: string): Part {
  return `c${module}\n${attribute}\n`;
}

/** BININT. */
export function integer(value: number): Part {
  return ['J', ...[0, 8, 16, 24].map((shift) => (value >> shift) & 255)];
}

/** A tuple of integers. */
export function sizes(...values: readonly number[]): Part {
  return ['(', ...values.map(integer), 't'];
}

/** A float32 tensor of storage 0, which has `elements`. */
export function tensor(elements: number, offset: number, shape: readonly number[], strides: readonly number[]): Part {
  const id = ['(', text('storage'), name('torch', 'FloatStorage'), text('0'), text('cpu'), integer(elements), 't', 'Q'];
  const flags = [0x89, name('collections', 'OrderedDict'), ')', 'R'];
  return [name('torch._utils', '_rebuild_tensor_v2'), '(', id, integer(offset), sizes(...shape), sizes(...strides), flags, 't', 'R']; // prettier-ignore
}

export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isDeflated?: boolean;
}

export async function zip(files: readonly ZipFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, extendedTimestamp: false });
  for (const file of files) {
    const level = file.isDeflated ? 6 : 0;
    await writer.add(file.name, new Uint8ArrayReader(file.bytes), { level, dataDescriptor: false });
  }
  return new Uint8Array(await writer.close());
}

/** A file of torch.save with a pickle and, of storage 0, bytes. */
export function torchZip(
  pickle: Uint8Array<ArrayBuffer>,
  storage = new Uint8Array(16),
): Promise<Uint8Array<ArrayBuffer>> {
  return zip([
    { name: 'archive/data.pkl', bytes: pickle },
    { name: 'archive/data/0', bytes: storage },
  ]);
}
