// What `import '@tfjs-sparse/sparse-conv'` costs a page, minified and gzipped. TensorFlow.js is the page's own, and the
// wasm binaries are counted apart: they are data.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { root } from './workspaces.mjs';

const limitBytes = 15_000;

/** Bytes of gzipped JavaScript: `registered` for the import alone, `all` when every export is used. */
export async function size() {
  const registered = await gzippedBytes("import '@tfjs-sparse/sparse-conv';");
  const all = await gzippedBytes("export * from '@tfjs-sparse/sparse-conv';");
  return { registered, all, limitBytes };
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
    logLevel: 'warning',
  });
  return gzipSync(outputFiles[0].contents).length;
}

function external({ path: id }) {
  return { path: id, external: true };
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  const { registered, all } = await size();
  console.log(`import '@tfjs-sparse/sparse-conv': ${registered} bytes of ${limitBytes} (minified, gzipped)`);
  console.log(`all of its exports: ${all} bytes`);
  if (registered > limitBytes) process.exitCode = 1;
}
