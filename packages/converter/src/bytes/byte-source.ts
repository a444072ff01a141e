import { kindOf, requireType } from '@tfjs-sparse/core';
import { requireFormat } from '../format-error.js';

/** Bytes that are read in parts: of a file, a Blob, a URL, or memory. */
export interface ByteSource {
  /** As its user knows it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** @returns all of these bytes; they may be a view of memory that others see, and are not to be written */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** A file beside it, for formats that have several; null where there is none. */
  sibling?(name: string): Promise<ByteSource | null>;
}

/** @param bytes are not copied @throws TypeError for other than bytes */
export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  requireType(bytes instanceof Uint8Array, 'bytesSource', 'bytes must be a Uint8Array', kindOf(bytes));
  return {
    name,
    size: bytes.length,
    read: async (start, length) => {
      requireInside(name, bytes.length, start, length);
      return bytes.subarray(start, start + length);
    },
  };
}

/** A File of a page, or a Blob. @throws TypeError for another value */
export function blobSource(name: string, blob: Blob): ByteSource {
  requireType(blob instanceof Blob, 'blobSource', 'blob must be a Blob or a File', kindOf(blob));
  return {
    name,
    size: blob.size,
    read: async (start, length) => {
      requireInside(name, blob.size, start, length);
      return new Uint8Array(await blob.slice(start, start + length).arrayBuffer());
    },
  };
}

/** @throws TypeError for what is no source, such as a path, bytes or the promise of a source */
export function requireSource(op: string, source: unknown): void {
  const { name, size, read } = (source ?? {}) as Partial<ByteSource>;
  const isSource = typeof name === 'string' && typeof size === 'number' && typeof read === 'function';
  const rule = 'source must be bytesSource, blobSource, await urlSource or await fileSource of a file';
  requireType(isSource, op, rule, kindOf(source));
}

/** @throws FormatError unless all of the range is there */
export function requireInside(name: string, size: number, start: number, length: number): void {
  const isInside = start >= 0 && length >= 0 && start + length <= size;
  requireFormat(isInside, name, `the file must have ${start + length} bytes`, size);
}
