import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeUntrainedPack } from '../untrained-pack.js';
import { startServer, type RunningServer } from './start-server.js';

describe('the page of npm start', () => {
  let pack: string;
  let server: RunningServer;
  beforeAll(async () => {
    pack = await mkdtemp(join(tmpdir(), 'pack-'));
    await writeUntrainedPack(pack);
    server = await startServer({
      wafers: [{ name: 'a', map: new Uint8Array(4096).fill(1) }],
      pack,
      scans: [{ name: 'b.pcd', points: Float32Array.of(1, 2, 3) }],
      lidarPack: pack,
      port: 0,
    });
  });
  afterAll(async () => {
    await server.close();
    await rm(pack, { recursive: true });
  });

  it('comes with its scripts, isolated and from this server only', async () => {
    const response = await fetch(server.url);
    const page = await response.text();
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page).not.toContain('http'); // no other server
    const names = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)]
      .map(([, name]) => name)
      .filter((name) => name !== 'data:,');
    expect(names).toContain('wafers.js');
    for (const name of names)
      expect((await fetch(server.url + name)).status)
        .withContext(name)
        .toBe(200);
  });

  it('gives the wafers, the pack and the wasm binaries', async () => {
    const { wafers, omitted } = await (await fetch(`${server.url}wafers.json`)).json();
    expect([wafers.length, wafers[0].name, atob(wafers[0].map).length, omitted]).toEqual([1, 'a', 4096, 0]);
    expect((await (await fetch(`${server.url}pack/manifest.json`)).json()).name).toBe('untrained');
    const wasm = await fetch(`${server.url}wasm/tfjs-backend-wasm-simd.wasm`);
    expect(wasm.headers.get('content-type')).toBe('application/wasm');
  });

  it('gives the scans of files', async () => {
    expect(await (await fetch(`${server.url}scans.json`)).json()).toEqual({ scans: [{ name: 'b.pcd' }] });
    const points = await (await fetch(`${server.url}scans/0.bin`)).arrayBuffer();
    expect([...new Float32Array(points)]).toEqual([1, 2, 3]);
    expect((await (await fetch(`${server.url}lidar-pack/manifest.json`)).json()).name).toBe('untrained');
  });

  it('has a page and a worker for scans', async () => {
    const page = await (await fetch(`${server.url}scans.html`)).text();
    expect(page).toContain('scans.js');
    expect((await fetch(`${server.url}scan-worker.js`)).headers.get('content-type')).toBe('text/javascript');
  });

  const refused: [string, string, string?][] = [
    ['a file that is not there', '/nothing.js'],
    ['a path out of the folder', '/pack/../../package.json'],
    ['an encoded one', '/pack/%2e%2e/%2e%2e/package.json'],
    ['a folder', '/pack/'],
    ['what is no path', '//'],
    ['the name of another host', '/index.html', 'rebound.example'],
  ];
  for (const [what, path, host] of refused) {
    it(`refuses ${what}`, async () => expect(await statusOf(path, host)).toBe(404));
  }

  it('says when the port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expectAsync(startServer({ wafers: [], pack, scans: [], lidarPack: pack, port })).toBeRejectedWithError(
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
