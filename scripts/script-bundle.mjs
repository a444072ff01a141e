import path from 'node:path';
import { build as esbuild } from 'esbuild';
import { root } from './workspaces.mjs';

const file = path.join(root, 'plugins/all/bundle/tfjs-sparse.min.js');

const contents = `
  export * from '@tfjs-sparse/core';
  export * from '@tfjs-sparse/all';
  export * as layers from '@tfjs-sparse/layers';
  export * as sparseConvLayers from '@tfjs-sparse/sparse-conv/layers';
  export * as sparseMatMulLayers from '@tfjs-sparse/sparse-matmul/layers';
  export * as topKLayers from '@tfjs-sparse/topk/layers';
  export * as windowAttentionLayers from '@tfjs-sparse/window-attention/layers';
  export { loadPack } from '@tfjs-sparse/packs';`;

/** Writes the file for a plain `<script>` beside tf.min.js: everything as the global `tfjsSparse`, TensorFlow.js as `tf`. */
export async function bundleForScripts() {
  await esbuild({
    stdin: { contents, resolveDir: path.join(root, 'bench') }, // depends on all of them
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'iife',
    globalName: 'tfjsSparse',
    target: 'es2022',
    plugins: [{ name: 'tensorflow-as-tf', setup: takeTensorFlowFromPage }],
    outfile: file,
    logLevel: 'error',
  });
}

function takeTensorFlowFromPage({ onResolve, onLoad }) {
  onResolve({ filter: /^@tensorflow\// }, ({ path: id }) => ({ path: id, namespace: 'tf' }));
  onLoad({ filter: /./, namespace: 'tf' }, () => ({ contents: 'module.exports = globalThis.tf;' }));
}
