import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { buildPages } from './build-pages.js';

type Listener = (event: object) => void;

describe('the service worker', () => {
  const [kept, added]: [string[], string[]] = [[], []];
  const listeners = new Map<string, Listener>();
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'offline-'));
    await buildPages(join(folder, 'pages'));
    const cache = {
      put: async ({ url }: { url: string }) => void kept.push(new URL(url).pathname),
      add: async (path: string) => {
        if (path === 'gone') throw new TypeError('404');
        added.push(path);
      },
    };
    runInNewContext(readFileSync(join(folder, 'pages/offline.js'), 'utf8'), {
      self: { addEventListener: (type: string, listener: Listener) => listeners.set(type, listener) },
      location: { origin: 'http://a' },
      caches: { open: async () => cache },
      fetch: async () => ({ ok: true, clone: () => null }),
      URL,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps what pages ask for, goldens too, but not the weights that loadPack keeps', async () => {
    const answers: Promise<unknown>[] = [];
    for (const path of [
      '/inputs/0',
      '/conformance/topk.safetensors',
      '/packs/a/manifest.json',
      '/packs/a/weights.bin',
    ]) {
      const request = { method: 'GET', url: `http://a${path}` };
      listeners.get('fetch')!({ request, respondWith: (answer: Promise<unknown>) => answers.push(answer) });
    }
    await Promise.all(answers);
    expect(kept).toEqual(['/inputs/0', '/conformance/topk.safetensors', '/packs/a/manifest.json']);
  });

  it('leaves pages to the server that may reach another one', () => {
    const request = { method: 'GET', url: 'http://a/convert.html?url=https%3A%2F%2Fb%2Fc.pt' };
    const respondWith = jasmine.createSpy('respondWith');
    listeners.get('fetch')!({ request, respondWith });
    expect(respondWith).not.toHaveBeenCalled();
  });

  it('takes what a page fetched before there was a worker, as far as it can be had', async () => {
    let work: Promise<unknown> | undefined;
    const paths = ['gone', 'inputs/0', 'inputs/1'];
    listeners.get('message')!({ data: paths, waitUntil: (promise: Promise<unknown>) => (work = promise) });
    await expectAsync(work!).toBeResolved();
    expect(added).toEqual(['inputs/0', 'inputs/1']);
  });
});
