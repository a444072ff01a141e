// What a package costs a page, minified and gzipped. TensorFlow.js is the page's own, and the wasm binaries are
// counted apart: they are data.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { publishedWorkspaces, root } from './workspaces.mjs';

/** Bytes of an import that uses nothing: what is left of a bundle, and that threads have the kernels of a plugin. */
export const importLimitBytes = 200;

/**
 * Bytes of gzipped JavaScript of every package for pages: `imported` for the import alone, `all` when every export is
 * used, which must stay within `config.exportsLimitBytes` of the manifest.
 */
export async function sizes() {
  const forPages = publishedWorkspaces().filter(({ manifest }) => manifest.unpkg);
  return Promise.all(
    forPages.map(async ({ manifest: { name, config } }) => ({
      name,
      imported: await gzippedBytes(`import '${name}';`),
      all: await gzippedBytes(`export * from '${name}';`),
      limitBytes: config?.exportsLimitBytes ?? 0,
    })),
  );
}

async function gzippedBytes(contents) {
  const { outputFiles } = await esbuild({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/*'],
    plugins: [{ name: 'wasm-apart', setup: ({ onResolve }) => onResolve({ filter: /wasm-binaries\.js$/ }, external) }],
    write: false,
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents).length;
}

function external({ path: id }) {
  return { path: id, external: true };
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  for (const { name, imported, all, limitBytes } of await sizes()) {
    console.log(
      `${name}: ${imported} bytes for the import, ${all} of ${limitBytes} with every export (minified, gzipped)`,
    );
    if (imported > importLimitBytes || all > limitBytes) process.exitCode = 1;
  }
}
