import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from './byte-source.js';
import { requireInside } from './byte-source.js';

/** A file of Node. */
export interface FileSource extends ByteSource {
  /** Closes it and the files beside it that were opened through it. */
  close(): Promise<void>;
}

/** A file on disk, of Node; its parts are read as they are asked for. */
export async function fileSource(path: string): Promise<FileSource> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  const name = basename(path);
  const siblings = new Map<string, FileSource>();
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
    async sibling(other) {
      const beside = join(dirname(path), other);
      const opened = siblings.get(beside) ?? (await fileSource(beside).catch(() => null));
      if (opened) siblings.set(beside, opened);
      return opened;
    },
    async close() {
      await Promise.all([file.close(), ...Array.from(siblings.values(), (each) => each.close())]);
    },
  };
}
