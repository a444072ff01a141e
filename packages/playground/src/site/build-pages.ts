import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { wasmFolder } from '../command/wasm-folder.js';
import { findDemos, pagesFolder, workspace, type FoundDemo } from './find-demos.js';
import { demoParts, pageHtml, type Place } from './page-html.js';

const conformance: Place = { href: 'conformance.html', title: 'Conformance' };
const siteSources = ['page/conformance.html', 'dist/src/site/build-pages.js', 'dist/src/site/page-html.js'];

/**
 * Writes the site: a page, its script and a worker for each demo, the conformance page, and what they share. Nothing
 * happens when the pages are newer than all that they were made of.
 */
export async function buildPages(folder = pagesFolder): Promise<void> {
  if (areCurrent(folder)) return;
  const demos = await findDemos();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sources = [...(await bundleScripts(demos, folder)), ...writeStylesAndTexts(demos, folder)];
  const places = [...demos.map(placeOf), conformance];
  for (const found of demos) {
    const { name, demo } = found;
    const styles = ['style.css', ...(styleOf(name) ? [`${name}.css`] : [])];
    const parts = { place: placeOf(found), places, styles, script: `${name}.js`, ...demoParts(demo.about) };
    writeFileSync(join(folder, `${name}.html`), pageHtml(parts));
    if (found === demos[0]) writeFileSync(join(folder, 'index.html'), pageHtml(parts));
  }
  const header = readFileSync(join(workspace, 'page/conformance.html'), 'utf8').trim();
  const styles = ['style.css', 'conformance.css'];
  const page = { place: conformance, places, styles, script: 'conformance.js', header };
  writeFileSync(join(folder, 'conformance.html'), pageHtml({ ...page, main: '<main><div id="matrix"></div></main>' }));
  sources.push(...(await bundleOffline(demos, folder)));
  const folders = ['demos', ...demos.map(({ name }) => `demos/${name}`)]; // newer once a file has come or gone
  writeFileSync(stampOf(folder), JSON.stringify([...sources, ...folders, ...siteSources]));
}

/** A file beside the folder that lists, once all pages are there, what they were made of. */
function stampOf(folder: string): string {
  return `${folder}.sources.json`;
}

function placeOf({ name, demo }: FoundDemo): Place {
  return { href: `${name}.html`, title: demo.about.title };
}

/** The service worker, told all that a demo needs but the weights, which `loadPack` caches. @returns its sources */
function bundleOffline(demos: readonly FoundDemo[], folder: string): Promise<string[]> {
  const pages = readdirSync(folder);
  const manifests = demos.flatMap(({ demo }) => demo.packs.map((pack) => `packs/${pack}/manifest.json`));
  const wasm = readdirSync(wasmFolder).filter((file) => file.endsWith('.wasm'));
  const files = ['.', 'inputs.json', ...pages, ...manifests, ...wasm.map((file) => `wasm/${file}`)];
  return bundle(new Map(), { offline: 'dist/src/site/offline.js' }, folder, { siteFiles: JSON.stringify(files) });
}

/**
 * Pages apart from what computes: esbuild leaves what any of its entries uses in the chunks that they share.
 *
 * @returns the files that the scripts hold, relative to the workspace
 */
async function bundleScripts(demos: readonly FoundDemo[], folder: string): Promise<string[]> {
  const pages = new Map(demos.map(({ name }) => [name, pageEntry(name)]));
  const workers = new Map(demos.map(({ name }) => [`${name}-worker`, workerEntry(name)]));
  const runner = { conformance: 'dist/src/conformance/conformance.js' };
  return [...(await bundle(pages, {}, folder)), ...(await bundle(workers, runner, folder))];
}

async function bundle(
  entries: ReadonlyMap<string, string>,
  files: Readonly<Record<string, string>>,
  folder: string,
  constants: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: workspace,
    define: { siteVersion: JSON.stringify(versionOf(workspace)), ...constants },
    entryPoints: { ...files, ...virtual([...entries.keys()]) },
    plugins: [
      {
        name: 'entries',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }));
          onLoad({ filter: /./, namespace: 'entry' }, ({ path }) => ({
            contents: entries.get(path),
            resolveDir: workspace,
          }));
        },
      },
    ],
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: folder,
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs).filter((file) => existsSync(join(workspace, file))); // others are made up
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

function virtual(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `entry:${name}`]));
}

function pageEntry(name: string): string {
  return `
    import { page } from './dist/demos/${name}/page.js';
    import { runShell } from './dist/src/shell/shell.js';
    runShell('${name}', page);`;
}

function workerEntry(name: string): string {
  return `
    import { demo } from './dist/demos/${name}/demo.js';
    import { startBackend } from './dist/src/worker/browser-backend.js';
    import { serveDemo } from './dist/src/worker/serve-demo.js';
    serveDemo(demo, self, { startBackend, packSource: (pack) => new URL('packs/' + pack, location.href) });`;
}

/** The styles of page/, and the styles and texts of demos that have one. @returns their files */
function writeStylesAndTexts(demos: readonly FoundDemo[], folder: string): string[] {
  const ofPages = ['style.css', 'conformance.css'].map((name) => ({ file: `page/${name}`, name }));
  const copied = [...ofPages, ...demos.flatMap(({ name }) => [styleOf(name) ?? [], textOf(name) ?? []].flat())];
  for (const { file, name } of copied) writeFileSync(join(folder, name), readFileSync(join(workspace, file)));
  return copied.map(({ file }) => file);
}

function styleOf(demo: string): { file: string; name: string } | null {
  const file = `demos/${demo}/style.css`;
  return existsSync(join(workspace, file)) ? { file, name: `${demo}.css` } : null;
}

/** A text that the page fetches. */
function textOf(demo: string): { file: string; name: string } | null {
  const file = `demos/${demo}/text.txt`;
  return existsSync(join(workspace, file)) ? { file, name: `${demo}.txt` } : null;
}

function areCurrent(folder: string): boolean {
  const stamp = stampOf(folder);
  if (!existsSync(stamp) || !existsSync(join(folder, 'index.html'))) return false;
  const { mtimeMs: builtAt } = statSync(stamp);
  const sources = JSON.parse(readFileSync(stamp, 'utf8')) as string[];
  return sources.every((file) => {
    const path = join(workspace, file);
    return existsSync(path) && statSync(path).mtimeMs <= builtAt;
  });
}
