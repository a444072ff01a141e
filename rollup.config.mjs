import { workspaces } from './scripts/workspaces.mjs';

/** One flat file per entry of each package that has a CDN field; the wasm binaries stay in a chunk of their own. */
export default workspaces()
  .filter(({ manifest }) => manifest.unpkg)
  .map(({ directory, manifest }) => ({
    input: Object.values(manifest.exports).map((entry) => `${directory}/${entry.default.slice('./'.length)}`),
    external: (id) => /^[^./]/.test(id) && !id.startsWith(directory), // bare names: the page's import map resolves them
    output: {
      dir: `${directory}/bundle`,
      format: 'es',
      sourcemap: true,
      chunkFileNames: '[name].js',
      manualChunks: (id) => (id.endsWith('/wasm-binaries.js') ? 'wasm-binaries' : undefined),
    },
  }));
