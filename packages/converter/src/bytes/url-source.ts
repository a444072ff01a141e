import { FormatError, requireFormat } from '../format-error.js';
import { bytesSource, requireInside, type ByteSource } from './byte-source.js';

/**
 * A file behind a URL. Where the server answers ranges, parts are fetched as they are read; elsewhere the whole file is.
 *
 * @param fetchFunction default the platform's
 * @throws FormatError for an answer that is no file (HTTP 404), and where there is no answer
 */
export async function urlSource(url: string, fetchFunction: typeof fetch = fetch): Promise<ByteSource> {
  const name = url.replace(/[?#].*$/, '').replace(/^.*\//, '') || url;
  const first = await answerTo('bytes=0-0');
  requireFormat(first.ok, name, `${url} must be there`, `HTTP ${first.status}`);
  const size = Number(/\/(\d+)$/.exec(first.contentRange)?.[1] ?? NaN);
  if (first.status !== 206 || !Number.isSafeInteger(size)) return withSibling(bytesSource(name, first.bytes));
  return withSibling({
    name,
    size,
    async read(start, length) {
      requireInside(name, size, start, length);
      if (length === 0) return new Uint8Array(0);
      const { status, bytes } = await answerTo(`bytes=${start}-${start + length - 1}`);
      requireFormat(status === 206, name, 'the server must answer ranges', `HTTP ${status}`);
      requireFormat(bytes.length === length, name, `the server must send ${length} bytes`, bytes.length);
      return bytes;
    },
  });

  async function answerTo(range: string) {
    try {
      const answer = await fetchFunction(url, { headers: { Range: range } });
      const { ok, status, headers } = answer;
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return { ok, status, contentRange: headers.get('Content-Range') ?? '', bytes };
    } catch (error) {
      throw new FormatError(`${name}: ${url} must answer, got ${reasonOf(error)}`, { cause: error });
    }
  }

  function withSibling(source: ByteSource): ByteSource {
    return { ...source, sibling: async (other) => urlSource(new URL(other, url).href, fetchFunction) };
  }
}

/** Of a fetch that failed: Node's says why in its cause alone. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code || cause?.message || message || String(error);
}
