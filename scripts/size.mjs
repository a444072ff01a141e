// What `import '@tfjs-sparse/sparse-conv'` costs a page, minified and gzipped. TensorFlow.js is the page's own, and the
// wasm binaries are counted apart: they are data.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { root } from './workspaces.mjs';

const limitBytes = 15_000;

/** @returns {bytes, limitBytes} gzipped JavaScript */
export async function size() {
  const { outputFiles } = await esbuild({
    stdin: { contents: "export * from '@tfjs-sparse/sparse-conv';", resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/*'],
    plugins: [{ name: 'wasm-apart', setup: ({ onResolve }) => onResolve({ filter: /wasm-binaries\.js$/ }, external) }],
    write: false,
    logLevel: 'warning',
  });
  return { bytes: gzipSync(outputFiles[0].contents).length, limitBytes };
}

function external({ path: id }) {
  return { path: id, external: true };
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  const { bytes } = await size();
  console.log(`@tfjs-sparse/sparse-conv: ${bytes} bytes of ${limitBytes} (minified, gzipped)`);
  if (bytes > limitBytes) process.exitCode = 1;
}
