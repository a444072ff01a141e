import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { readServed, type Served } from './served-files.js';

const workspace = fileURLToPath(new URL('../..', import.meta.url));

/** The files of the page by their paths: the static ones, and its scripts with all that they import in a few files. */
export async function bundlePage(): Promise<Map<string, Served>> {
  const { outputFiles } = await build({
    absWorkingDir: workspace,
    entryPoints: ['wafers', 'scans', 'scan-worker', 'conformance'].map((name) => `dist/page/${name}.js`),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    write: false,
    logLevel: 'silent',
  });
  const scripts = outputFiles.map(
    ({ path, contents }) => [`/${basename(path)}`, { type: 'text/javascript', contents }] as const,
  );
  const files = new Map<string, Served>(scripts);
  for (const name of ['index.html', 'scans.html', 'conformance.html', 'style.css'])
    files.set(`/${name}`, readServed(join(workspace, 'page', name))!);
  return files.set('/', files.get('/index.html')!);
}
