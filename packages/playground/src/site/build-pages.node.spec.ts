import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPages } from './build-pages.js';
import { workspace } from './find-demos.js';

describe('buildPages', () => {
  const demos = readdirSync(join(workspace, 'demos'));
  let folder: string;
  let pages: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pages-'));
    pages = join(folder, 'pages');
    await buildPages(pages);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes a page of each demo, all of them in the navigation', () => {
    for (const name of [...demos, 'index', 'conformance']) {
      const html = readFileSync(join(pages, `${name}.html`), 'utf8');
      for (const other of [...demos, 'conformance']) expect(html).toContain(`<a href="${other}.html"`);
    }
  });

  it('keeps TensorFlow.js out of the thread of the page: networks run in the worker', () => {
    for (const name of demos) {
      expect(existsSync(join(workspace, 'demos', name, 'demo.spec.ts')))
        .withContext(`${name}/demo.spec.ts`)
        .toBe(true);
      expect(modulesOf(`${name}.js`)).not.toMatch(/^\/\/ .*@tensorflow/m);
      expect(modulesOf(`${name}-worker.js`)).toMatch(/^\/\/ .*@tensorflow/m);
    }
  });

  it('tells the service worker all that it wrote, and the manifests of the packs', () => {
    const worker = readFileSync(join(pages, 'offline.js'), 'utf8');
    const others = readdirSync(pages).filter((file) => file !== 'offline.js');
    for (const file of [...others, 'packs/wafer-sscn/manifest.json', 'wasm/tfjs-backend-wasm-simd.wasm'])
      expect(worker).toContain(`"${file}"`);
  });

  it('writes nothing when nothing changed', async () => {
    const { mtimeMs } = statSync(join(pages, 'index.html'));
    await buildPages(pages);
    expect(statSync(join(pages, 'index.html')).mtimeMs).toBe(mtimeMs);
  });

  it('writes the pages again where somebody took them away', async () => {
    rmSync(pages, { recursive: true });
    await buildPages(pages);
    expect(existsSync(join(pages, 'index.html'))).toBe(true);
  });

  /** The text of a script and of all that it imports. */
  function modulesOf(script: string, seen = new Set<string>()): string {
    if (seen.has(script)) return '';
    seen.add(script);
    const text = readFileSync(join(pages, script), 'utf8');
    const imports = [...text.matchAll(/from "\.\/([^"]+)"|^import "\.\/([^"]+)"/gm)].map(([, a, b]) => a ?? b);
    return text + imports.map((file) => modulesOf(file, seen)).join('');
  }
});
