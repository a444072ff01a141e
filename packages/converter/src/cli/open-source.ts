import type { ByteSource } from '../bytes/byte-source.js';
import { fileSource } from '../bytes/file-source.js';
import { urlSource } from '../bytes/url-source.js';

/** A file, or what is behind an http or https URL; closed once `use` is done. */
export async function withSource<T>(place: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  if (/^https?:\/\//.test(place)) return use(await urlSource(place));
  const source = await fileSource(place);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
