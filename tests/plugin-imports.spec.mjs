import { build as esbuild } from 'esbuild';
import { root, workspaces } from '../scripts/workspaces.mjs';

// What each entry point of a plugin may bring into a page besides the plugin itself. layers and convert bring tfjs-layers.
const allowed = {
  '.': ['tfjs-core'],
  './register': ['tfjs-core'],
  './graph-ops': ['tfjs-core', 'tfjs-converter'],
};

describe('the import of', () => {
  for (const { manifest } of workspaces().filter((each) => each.directory.startsWith('plugins/'))) {
    for (const [entry, packages] of Object.entries(allowed).filter(([name]) => name in manifest.exports)) {
      it(`${manifest.name}${entry.slice(1)} brings ${packages.join(' and ')} only`, async () => {
        const contents = `import '${manifest.name}${entry.slice(1)}';`;
        const used = await usedBy(contents);
        expect(used.tfjs.filter((name) => !packages.includes(name))).toEqual([]);
        expect(used.files.filter((file) => !/^(plugins|packages\/core)\//.test(file))).toEqual([]);
      });
    }
  }
});

/** Packages of TensorFlow.js, and our own files, of which a bundle for `contents` holds something. */
async function usedBy(contents) {
  const { metafile } = await esbuild({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/*'],
    write: false,
    metafile: true,
    logLevel: 'error',
    outfile: 'out.js',
  });
  const { imports, inputs } = metafile.outputs['out.js'];
  return {
    tfjs: imports.map((each) => each.path.split('/')[1]),
    files: Object.keys(inputs).filter((file) => file !== '<stdin>' && inputs[file].bytesInOutput > 0),
  };
}
