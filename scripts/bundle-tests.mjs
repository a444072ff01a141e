import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { nodeSpecs } from './jasmine.mjs';
import { root } from './workspaces.mjs';

const output = path.join(root, 'build/karma');

/**
 * Bundles compiled specs, all by default, and conformance's browser entry for Karma; one shared chunk holds tfjs.
 */
export async function bundleTests({ isChosen = () => true, hasConformance = true } = {}) {
  fs.rmSync(output, { recursive: true, force: true });
  const forBrowsers = nodeSpecs().filter((file) => file.endsWith('.spec.js') && !file.endsWith('.node.spec.js'));
  const specs = forBrowsers.filter(isChosen);
  const conformance = ['conformance/dist/karma.js'].filter(
    (file) => hasConformance && fs.existsSync(path.join(root, file)),
  );
  const all = { '1-specs': specs, '2-conformance': conformance };
  const entries = Object.fromEntries(Object.entries(all).filter(([, files]) => files.length > 0));
  await esbuild({
    absWorkingDir: root,
    entryPoints: Object.keys(entries).map((name) => ({ in: `entry:${name}`, out: `main/${name}` })),
    plugins: [entryPoints(entries)],
    define: { foundPacks: JSON.stringify(conformance.length > 0 ? await foundPacks() : []) },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    logLevel: 'warning',
    chunkNames: 'chunks/[name]-[hash]',
    outdir: output,
  });
}

/** The packs of models/ with their cases: browsers cannot look into folders. */
async function foundPacks() {
  const { findPacks } = await import(pathToFileURL(path.join(root, 'conformance/dist/find-packs.js')).href);
  return findPacks(path.join(root, 'models'));
}

/** An entry imports the browser set-up, then its files in order; none is dropped for `sideEffects: false`. */
function entryPoints(entries) {
  return {
    name: 'entry-points',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry:/ }, ({ path: id }) => ({ path: id.slice('entry:'.length), namespace: 'entry' }));
      onResolve({ filter: /./, namespace: 'entry' }, ({ path: file }) => ({
        path: path.join(root, file),
        sideEffects: true,
      }));
      onLoad({ filter: /./, namespace: 'entry' }, ({ path: name }) => ({
        contents: ['tests/setup-browser.mjs', ...entries[name]].map((file) => `import '${file}';`).join('\n'),
      }));
    },
  };
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) await bundleTests();
