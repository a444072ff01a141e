import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeUntrainedPack } from '../command/untrained-pack.js';
import { buildPages } from '../site/build-pages.js';
import { findDemos } from '../site/find-demos.js';
import { startServer, type RunningServer, type ServerOptions } from './start-server.js';

describe('the pages of npm start', () => {
  let folder: string;
  let options: ServerOptions;
  let server: RunningServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pages-'));
    const [pack, pages] = [join(folder, 'pack'), join(folder, 'pages')];
    await writeUntrainedPack(pack);
    await buildPages(pages);
    const file = { name: 'b.pcd', contents: Uint8Array.of(1, 2, 3) };
    const inputs = [{ demo: 'scans', file, options: { columns: ['4'] } }];
    options = { pages, inputs, packs: { a: pack, 'a/inner': pages }, port: 0 };
    server = await startServer(options);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('come one a demo, each with its scripts, isolated and from this server only', async () => {
    const names = (await findDemos()).map(({ name }) => name);
    expect(names).toEqual(['wafers', 'scans', 'fashion', 'attention-patterns', 'shapes', 'characters', 'convert']);
    for (const name of ['', ...names.map((demo) => `${demo}.html`), 'conformance.html']) {
      const response = await fetch(server.url + name);
      const page = await response.text();
      expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(response.headers.get('content-security-policy')).toContain("connect-src 'self' blob: data:;");
      expect(page).not.toContain('http'); // no other server
      const links = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)]
        .map(([, link]) => link)
        .filter((link) => link !== 'data:,');
      expect(links.length).toBeGreaterThan(names.length);
      for (const link of links)
        expect((await fetch(server.url + link)).status)
          .withContext(link)
          .toBe(200);
    }
    for (const name of names) {
      const worker = await fetch(`${server.url}${name}-worker.js`);
      expect(worker.headers.get('content-type')).toBe('text/javascript');
    }
  });

  it('come with packs and the wasm binaries', async () => {
    expect((await (await fetch(`${server.url}packs/a/manifest.json`)).json()).name).toBe('untrained');
    expect((await fetch(`${server.url}packs/a/inner/wafers.js`)).status).toBe(200);
    const wasm = await fetch(`${server.url}wasm/tfjs-backend-wasm-simd.wasm`);
    expect(wasm.headers.get('content-type')).toBe('application/wasm');
  });

  it('come with the files that the command line was given', async () => {
    const list = [{ demo: 'scans', name: 'b.pcd', path: 'inputs/0', options: { columns: ['4'] } }];
    expect(await (await fetch(`${server.url}inputs.json`)).json()).toEqual(list);
    expect([...new Uint8Array(await (await fetch(`${server.url}inputs/0`)).arrayBuffer())]).toEqual([1, 2, 3]);
  });

  it('must be built', async () => {
    await expectAsync(startServer({ ...options, pages: join(folder, 'pack') })).toBeRejectedWithError(
      /^start: the pages must be built \(npm run build\), got no index.html in /,
    );
  });

  const refused: [string, string, string?][] = [
    ['a file that is not there', '/nothing.js'],
    ['a path out of the folder', '/packs/a/../../package.json'],
    ['an encoded one', '/packs/a/%2e%2e/%2e%2e/package.json'],
    ['a folder', '/packs/a/'],
    ['what is no path', '//'],
    ['the name of another host', '/index.html', 'rebound.example'],
  ];
  for (const [what, path, host] of refused) {
    it(`refuses ${what}`, async () => expect(await statusOf(path, host)).toBe(404));
  }

  it('says when the port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expectAsync(startServer({ ...options, port })).toBeRejectedWithError(
      `start: --port must be free, got ${port}`,
    );
  });

  /** Sends the path as it is, which fetch would not. */
  function statusOf(path: string, host?: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const headers = host ? { host } : {};
      request({ hostname, port, path, headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
  }
});
