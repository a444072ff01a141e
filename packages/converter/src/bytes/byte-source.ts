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

/** @param bytes are not copied */
export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (start, length) => {
      requireInside(name, bytes.length, start, length);
      return bytes.subarray(start, start + length);
    },
  };
}

/** A File of a page, or a Blob. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (start, length) => {
      requireInside(name, blob.size, start, length);
      return new Uint8Array(await blob.slice(start, start + length).arrayBuffer());
    },
  };
}

/** @throws FormatError unless all of the range is there */
export function requireInside(name: string, size: number, start: number, length: number): void {
  const isInside = start >= 0 && length >= 0 && start + length <= size;
  requireFormat(isInside, name, `the file must have ${start + length} bytes`, size);
}
