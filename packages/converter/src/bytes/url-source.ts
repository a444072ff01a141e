import { requireFormat } from '../format-error.js';
import { bytesSource, requireInside, type ByteSource } from './byte-source.js';

/**
 * A file behind a URL. Where the server answers ranges, parts are fetched as they are read; elsewhere the whole file is.
 *
 * @param fetchFunction default the platform's
 * @throws FormatError for an answer that is no file (HTTP 404)
 */
export async function urlSource(url: string, fetchFunction: typeof fetch = fetch): Promise<ByteSource> {
  const name = url.replace(/[?#].*$/, '').replace(/^.*\//, '') || url;
  const first = await fetchFunction(url, { headers: { Range: 'bytes=0-0' } });
  requireFormat(first.ok, name, `${url} must be there`, `HTTP ${first.status}`);
  const size = Number(/\/(\d+)$/.exec(first.headers.get('Content-Range') ?? '')?.[1] ?? NaN);
  if (first.status !== 206 || !Number.isSafeInteger(size)) {
    return withSibling(bytesSource(name, new Uint8Array(await first.arrayBuffer())));
  }
  await first.arrayBuffer();
  return withSibling({
    name,
    size,
    async read(start, length) {
      requireInside(name, size, start, length);
      if (length === 0) return new Uint8Array(0);
      const answer = await fetchFunction(url, { headers: { Range: `bytes=${start}-${start + length - 1}` } });
      requireFormat(answer.status === 206, name, 'the server must answer ranges', `HTTP ${answer.status}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      requireFormat(bytes.length === length, name, `the server must send ${length} bytes`, bytes.length);
      return bytes;
    },
  });

  function withSibling(source: ByteSource): ByteSource {
    return { ...source, sibling: async (other) => urlSource(new URL(other, url).href, fetchFunction) };
  }
}
