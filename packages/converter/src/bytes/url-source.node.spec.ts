import { FormatError } from '../format-error.js';
import { urlSource } from './url-source.js';

describe('urlSource', () => {
  const url = 'http://127.0.0.1:1/models/x.pt';

  it('says in one line that nobody answers', async () => {
    await expectAsync(urlSource(url)).toBeRejectedWithError(FormatError, /^x\.pt: http:\S+x\.pt must answer, got .+$/);
    const refused = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
    await expectAsync(urlSource(url, refused)).toBeRejectedWithError(
      FormatError,
      `x.pt: ${url} must answer, got ECONNREFUSED`,
    );
  });

  it('reads ranges where the server answers them, else the whole file', async () => {
    const file = Uint8Array.of(1, 2, 3, 4, 5);
    const ranged: typeof fetch = async (_, init) => {
      const [, start, end] = /(\d+)-(\d+)/.exec(new Headers(init?.headers).get('Range')!)!;
      const headers = { 'Content-Range': `bytes ${start}-${end}/${file.length}` };
      return new Response(file.slice(Number(start), Number(end) + 1), { status: 206, headers });
    };
    for (const answer of [ranged, async () => new Response(file)]) {
      const source = await urlSource(url, answer);
      expect([source.name, source.size, [...(await source.read(1, 3))]]).toEqual(['x.pt', 5, [2, 3, 4]]);
    }
  });
});
