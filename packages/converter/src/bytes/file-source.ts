import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from './byte-source.js';
import { requireInside } from './byte-source.js';

/** A file on disk, of Node; its parts are read as they are asked for. Close it when done. */
export async function fileSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  const name = basename(path);
  return {
    name,
    size,
    async read(start, length) {
      requireInside(name, size, start, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await file.read(bytes, done, length - done, start + done);
        requireInside(name, start + done + bytesRead, start, bytesRead === 0 ? length : 0); // it shrank meanwhile
        done += bytesRead;
      }
      return bytes;
    },
    sibling: async (other) => fileSource(join(dirname(path), other)),
    close: () => file.close(),
  };
}
