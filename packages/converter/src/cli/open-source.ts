import { stat } from 'node:fs/promises';
import type { ByteSource } from '../bytes/byte-source.js';
import { fileSource, type FileSource } from '../bytes/file-source.js';
import { urlSource } from '../bytes/url-source.js';
import { FormatError, requireFormat } from '../format-error.js';
import { readProgress } from './read-progress.js';

/**
 * A file, or what is behind an http or https URL; closed once `use` is done. What takes long shows how far it is.
 *
 * @throws FormatError for a folder and for what cannot be opened
 */
export async function withSource<T>(place: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const isUrl = /^https?:\/\//.test(place);
  const source: ByteSource & Partial<FileSource> = isUrl ? await urlSource(place) : await openedFile(place);
  const progress = readProgress();
  try {
    return await use(progress.of(source));
  } finally {
    progress.stop();
    await source.close?.();
  }
}

async function openedFile(place: string): Promise<FileSource> {
  const rule = 'IN must be a file or a URL';
  try {
    requireFormat(!(await stat(place)).isDirectory(), place, rule, 'a folder');
    return await fileSource(place);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`${place}: ${rule}, got ${reasonOf(error)}`, { cause: error });
  }
}

/** What the operating system says of a file, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}

/** Codes of the operating system in words. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'one that may not be read',
  ENOENT: 'none of this name',
  EISDIR: 'a folder',
  ENOTDIR: 'none of this name',
  EPERM: 'one that may not be written',
  EROFS: 'one that may not be written',
};
