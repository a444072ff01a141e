// Flat files for `<script type="module">` and CDNs: bundle/<entry>.js of each package that has an `unpkg` field, beside one
// file of its wasm binaries, which are data. Bare names stay; an import map resolves them.
import fs from 'node:fs';
import path from 'node:path';
import typescript from 'typescript';
import { root, workspaces } from './scripts/workspaces.mjs';

export default workspaces()
  .filter(({ manifest }) => manifest.unpkg)
  .map(({ directory, manifest }) => ({
    input: entriesOf(path.join(root, directory, 'dist'), manifest),
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
    plugins: [typescriptSources(), withoutComments(), emptyFolder()],
    treeshake: { moduleSideEffects: hasSideEffects(manifest) },
    onLog: refuseCircles,
    output: {
      dir: path.join(root, directory, 'bundle'),
      format: 'es',
      sourcemap: true,
      manualChunks: (id) => (id.endsWith('/wasm-binaries.js') ? 'wasm-binaries' : undefined),
      chunkFileNames: ({ name }) => (name === 'wasm-binaries' ? '[name].js' : 'shared-[hash].js'),
    },
  }));

/** Modules that import each other's values depend on which of them is imported first. */
function refuseCircles(level, log, handle) {
  if (log.code === 'CIRCULAR_DEPENDENCY') throw new Error(log.message);
  handle(level, log);
}

/** Every entry of `exports` by its path below dist/. */
function entriesOf(dist, { exports }) {
  const files = Object.values(exports).map((entry) => entry.default.slice('./dist/'.length));
  return Object.fromEntries(files.map((file) => [file.slice(0, -'.js'.length), path.join(dist, file)]));
}

/** As bundlers read `sideEffects`: patterns like `**\/name.*`, or false for none. */
function hasSideEffects({ sideEffects }) {
  const names = (sideEffects || []).map((pattern) => pattern.slice('**/'.length, -'.*'.length));
  return (id) => names.includes(path.basename(id, '.js'));
}

/** Lets the maps lead to the TypeScript that tsc compiled; its maps hold the text. */
function typescriptSources() {
  return {
    name: 'typescript-sources',
    load: (id) => ({ code: fs.readFileSync(id, 'utf8'), map: fs.readFileSync(`${id}.map`, 'utf8') }),
  };
}

/** Comments are for readers of the sources, which the maps hold; they are a third of the bytes. */
function withoutComments() {
  const compilerOptions = { target: 'es2022', module: 'esnext', removeComments: true, sourceMap: true };
  return {
    name: 'without-comments',
    transform(text) {
      const { outputText, sourceMapText } = typescript.transpileModule(text, { compilerOptions });
      return { code: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText };
    },
  };
}

/** Chunks of earlier builds have other names. */
function emptyFolder() {
  return {
    name: 'empty-folder',
    generateBundle: ({ dir }) => fs.rmSync(dir, { recursive: true, force: true }),
  };
}
