import { requireRange } from '@tfjs-sparse/core';
import { sha256 } from './file-description.js';
import { totalBytes, type PackFile } from './manifest.js';
import { readCached, writeCached, type PackCache } from './pack-cache.js';
import type { PackFolder } from './pack-folder.js';

export interface PackProgress {
  /** Bytes of the pack's files that are here. */
  readonly loaded: number;
  /** Bytes of all files of the pack. */
  readonly total: number;
  /** Path of the file that is being read. */
  readonly file: string;
}

export interface ReadOptions {
  readonly cache: PackCache | null;
  readonly onProgress?: (progress: PackProgress) => void;
  readonly signal?: AbortSignal;
}

/** Reads files one after the other and checks each one's size and sha256. */
export async function readFiles(
  folder: PackFolder,
  files: readonly PackFile[],
  { cache, onProgress, signal }: ReadOptions,
): Promise<Map<string, ArrayBuffer>> {
  const contents = new Map<string, ArrayBuffer>();
  const total = totalBytes(files);
  let finished = 0;
  for (const file of files) {
    const onBytes = (bytes: number) => onProgress?.({ loaded: finished + bytes, total, file: file.path });
    signal?.throwIfAborted();
    const cached = cache && (await readCached(cache, file));
    if (cached && cached.byteLength === file.bytes && (await sha256('loadPack', cached)) === file.sha256) {
      contents.set(file.path, cached);
    } else {
      const read = await readFile(folder, file.path, file.bytes, signal, onBytes);
      await verify(file, read);
      if (cache) await writeCached(cache, file, read);
      contents.set(file.path, read);
    }
    onBytes(file.bytes);
    finished += file.bytes;
  }
  return contents;
}

/** Reads a file of at most `maxBytes` bytes; more are refused as soon as they arrive. */
export async function readFile(
  folder: PackFolder,
  path: string,
  maxBytes: number,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let byteCount = 0;
  try {
    for await (const piece of folder.read(path, signal)) {
      byteCount += piece.byteLength;
      requireRange(byteCount <= maxBytes, 'loadPack', `${path} must have at most ${maxBytes} bytes${again}`, 'more');
      pieces.push(piece);
      onBytes?.(byteCount);
    }
  } catch (error) {
    signal?.throwIfAborted(); // the caller's own reason, as fetch would give it
    if (error instanceof Error && error.message.startsWith('loadPack: ')) throw error;
    throw new Error(
      `loadPack: ${folder.locationOf(path)} must be readable to its end${again}, got ${message(error)} after ${byteCount} bytes`,
      { cause: error },
    );
  }
  const whole = new Uint8Array(byteCount);
  let start = 0;
  for (const piece of pieces) {
    whole.set(piece, start);
    start += piece.byteLength;
  }
  return whole.buffer;
}

const again = ' (get the pack again)';

async function verify(file: PackFile, contents: ArrayBuffer): Promise<void> {
  const { path, bytes } = file;
  requireRange(
    contents.byteLength === bytes,
    'loadPack',
    `${path} must have ${bytes} bytes${again}`,
    contents.byteLength,
  );
  const hash = await sha256('loadPack', contents);
  requireRange(hash === file.sha256, 'loadPack', `${path} must have the manifest's sha256${again}`, 'another');
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
