// What `import '<package>'` costs a page, minified and gzipped. TensorFlow.js is the page's own, and the wasm binaries are
// counted apart: they are data.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { publishedWorkspaces, root } from './workspaces.mjs';

const nothing = 100; // bytes: what is left of a bundle from which all was dropped

/**
 * Bytes of gzipped JavaScript of every package for pages: `registered` for the import alone, `all` when every export is
 * used. The import costs nothing unless the manifest states, as `config.importLimitBytes`, what it may cost.
 */
export async function sizes() {
  const forPages = publishedWorkspaces().filter(({ manifest }) => manifest.unpkg);
  return Promise.all(
    forPages.map(async ({ manifest: { name, config } }) => ({
      name,
      registered: await gzippedBytes(`import '${name}';`),
      all: await gzippedBytes(`export * from '${name}';`),
      limitBytes: config?.importLimitBytes ?? nothing,
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
  for (const { name, registered, all, limitBytes } of await sizes()) {
    console.log(
      `import '${name}': ${registered} bytes of ${limitBytes} (minified, gzipped), all of its exports: ${all}`,
    );
    if (registered > limitBytes) process.exitCode = 1;
  }
}
