import fs from 'node:fs';
import path from 'node:path';
import { build as esbuild } from 'esbuild';
import { root, workspaces } from './workspaces.mjs';

/**
 * Flat files for `<script type="module">` and CDNs: bundle/<entry>.js of each package that has an `unpkg` field.
 * Bare names stay, an import map resolves them; the wasm binaries are a file of their own.
 */
export async function bundlePackages() {
  const published = workspaces().filter(({ manifest }) => manifest.unpkg);
  await Promise.all(published.map(bundlePackage));
}

function bundlePackage({ directory, manifest }) {
  const folder = path.join(root, directory);
  const entries = Object.values(manifest.exports).map((entry) => entry.default);
  const binaries = './dist/wasm-binaries.js';
  fs.rmSync(path.join(folder, 'bundle'), { recursive: true, force: true });
  return esbuild({
    absWorkingDir: folder,
    entryPoints: fs.existsSync(path.join(folder, binaries)) ? [...entries, binaries] : entries,
    outdir: 'bundle',
    outbase: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    packages: 'external',
    chunkNames: 'shared-[hash]',
    plugins: [{ name: 'binaries-apart', setup: binariesApart }],
    logLevel: 'warning',
  });
}

function binariesApart({ onResolve }) {
  onResolve({ filter: /\/wasm-binaries\.js$/ }, ({ kind }) =>
    kind === 'entry-point' ? undefined : { path: './wasm-binaries.js', external: true },
  );
}
