import { fileError } from './require-file.js';

/** 65,000 wafer maps. A few kilobytes of gzip can unpack to gigabytes. */
const maxBytes = 2 ** 28;

/** The contents of a gzip file; those of any other file as they are. */
export async function gunzip(contents: Uint8Array<ArrayBuffer>, limit = maxBytes): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(contents)) return contents;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let byteCount = 0;
  try {
    for await (const piece of piecesOf(contents)) {
      byteCount += piece.length;
      if (byteCount > limit) break;
      pieces.push(piece);
    }
  } catch (error) {
    throw fileError('a gzip file must be whole', 'one that does not unpack', error);
  }
  if (byteCount > limit) throw fileError(`a gzip file must unpack to at most ${limit} bytes`, 'more');
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** The first bytes of a file's contents, unpacked where it is a gzip file; empty when that is broken. */
export async function beginningOf(contents: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (!isGzip(contents)) return contents;
  try {
    for await (const piece of piecesOf(contents)) return piece;
  } catch {
    // reading the whole file tells what is wrong
  }
  return new Uint8Array(0);
}

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

/** Stops unpacking when the caller stops. */
async function* piecesOf(contents: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([contents]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    await reader.cancel();
  }
}
