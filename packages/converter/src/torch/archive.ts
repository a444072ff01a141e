import { Reader, ZipReader, type Entry, type FileEntry } from '@zip.js/zip.js';
import type { ByteSource } from '../bytes/byte-source.js';
import { FormatError, requireFormat } from '../format-error.js';

/** A zip archive whose entries are read in parts where they are stored. */
export interface Archive {
  readonly names: readonly string[];
  /** @throws FormatError where there is none */
  entry(name: string): ArchiveEntry;
}

export interface ArchiveEntry {
  readonly name: string;
  /** In bytes, unpacked. */
  readonly size: number;
  /** A part of a stored entry without a copy of the rest; of a deflated one all is unpacked. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

const reader = 'readZip';
const mostEntries = 1_000_000;
/** Bytes of a deflated entry once it is unpacked: a bomb would be larger. */
const mostInflatedBytes = 2 ** 30;
const [stored, deflated] = [0, 8];
const localHeaderBytes = 30;

/**
 * The central directory of a zip archive, zip64 too.
 *
 * @throws FormatError for what is no zip, a cut one, encrypted or overlapping entries, names that lead out of the archive
 */
export async function openArchive(source: ByteSource): Promise<Archive> {
  const entries = new Map<string, FileEntry>();
  try {
    const options = { useWebWorkers: false, strictness: 'balanced' } as const;
    for await (const entry of new ZipReader(
      new SourceReader(source, await hasZip64(source)),
      options,
    ).getEntriesGenerator()) {
      requireEntry(entry);
      requireFormat(!entries.has(entry.filename), reader, 'names of entries must be unique', entry.filename);
      requireFormat(entries.size < mostEntries, reader, `there must be at most ${mostEntries} entries`, 'more');
      if (!entry.directory) entries.set(entry.filename, entry);
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${reader}: ${source.name} must be a whole zip archive, got: ${reason}`, { cause: error });
  }
  requireApart([...entries.values()]);
  return {
    names: [...entries.keys()],
    entry(name) {
      const found = entries.get(name);
      requireFormat(found !== undefined, reader, `${source.name} must have the entry ${name}`, 'none');
      return archiveEntry(source, found);
    },
  };
}

/**
 * zip.js overlooks a zip64 directory that no number of the old one needs, as torch writes it, and then takes the second entry
 * for the first where its record is as long as the zip64 ones (torch: file names of 21 letters). So it reads a count of
 * entries that points to zip64.
 */
class SourceReader extends Reader<ByteSource> {
  constructor(
    private readonly source: ByteSource,
    private readonly isZip64: boolean,
  ) {
    super(source);
    this.size = source.size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.source.read(index, Math.min(length, this.source.size - index));
    const count = this.source.size - endBytes + entryCountOffset - index;
    if (!this.isZip64 || count + 2 <= 0 || count >= bytes.length) return bytes;
    const patched = bytes.slice();
    for (const at of [count, count + 1]) if (at >= 0 && at < patched.length) patched[at] = 0xff;
    return patched;
  }
}

const [endBytes, entryCountOffset, locatorBytes] = [22, 10, 20]; // of the end of the directory; the locator is before it

async function hasZip64(source: ByteSource): Promise<boolean> {
  const length = endBytes + locatorBytes;
  if (source.size < length) return false;
  const tail = new DataView((await source.read(source.size - length, length)).slice().buffer);
  return tail.getUint32(0, true) === 0x07064b50 && tail.getUint32(locatorBytes, true) === 0x06054b50;
}

function requireEntry({ filename, encrypted, compressionMethod }: Entry): void {
  const isInside = !/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(filename);
  requireFormat(isInside, reader, 'names of entries must stay in the archive', filename);
  requireFormat(!encrypted, reader, 'entries must not be encrypted', filename);
  const isRead = compressionMethod === stored || compressionMethod === deflated;
  requireFormat(isRead, reader, `${filename} must be stored or deflated`, `method ${compressionMethod}`);
}

/** Entries that share bytes are how bombs grow. */
function requireApart(entries: readonly FileEntry[]): void {
  const ordered = [...entries].sort((a, b) => a.offset - b.offset);
  ordered.slice(1).forEach((entry, i) => {
    const { offset, compressedSize, filename } = ordered[i];
    const end = offset + localHeaderBytes + compressedSize;
    requireFormat(end <= entry.offset, reader, `entries must not overlap, after ${filename}`, entry.filename);
  });
}

function archiveEntry(source: ByteSource, entry: FileEntry): ArchiveEntry {
  const { filename: name, uncompressedSize: size, compressedSize, compressionMethod, offset } = entry;
  if (compressionMethod === deflated) {
    let unpacked: Promise<Uint8Array<ArrayBuffer>> | undefined;
    return {
      name,
      size,
      read: async (start, length) => (await (unpacked ??= inflated(entry))).subarray(start, start + length),
    };
  }
  requireFormat(size === compressedSize, reader, `${name} is stored and must have ${compressedSize} bytes`, size);
  let dataOffset: Promise<number> | undefined;
  return {
    name,
    size,
    async read(start, length) {
      requireFormat(start + length <= size, reader, `${name} must have ${start + length} bytes`, size);
      return source.read((await (dataOffset ??= dataOffsetOf(source, name, offset))) + start, length);
    },
  };
}

/** The local header has its own lengths of name and extra field. */
async function dataOffsetOf(source: ByteSource, name: string, offset: number): Promise<number> {
  const header = await source.read(offset, localHeaderBytes);
  const view = new DataView(header.buffer, header.byteOffset, localHeaderBytes);
  const isHeader = view.getUint32(0, true) === 0x04034b50;
  requireFormat(isHeader, reader, `${name} must have a local header at byte ${offset}`, 'none');
  return offset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
}

async function inflated(entry: FileEntry): Promise<Uint8Array<ArrayBuffer>> {
  const { filename, uncompressedSize } = entry;
  const rule = `${filename} must have at most ${mostInflatedBytes} bytes unpacked`;
  requireFormat(uncompressedSize <= mostInflatedBytes, reader, rule, uncompressedSize);
  const chunks: Uint8Array[] = []; // not the promised size at once: what is there may be less
  let length = 0;
  const write = (chunk: Uint8Array) => {
    length += chunk.length;
    requireFormat(
      length <= uncompressedSize,
      reader,
      `${filename} must have ${uncompressedSize} bytes unpacked`,
      'more',
    );
    chunks.push(chunk);
  };
  try {
    await entry.getData(new WritableStream({ write }), { checkCrc32: true, useWebWorkers: false });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${reader}: ${filename} must unpack, got: ${reason}`, { cause: error });
  }
  requireFormat(
    length === uncompressedSize,
    reader,
    `${filename} must have ${uncompressedSize} bytes unpacked`,
    length,
  );
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}
