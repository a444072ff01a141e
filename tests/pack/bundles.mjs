import fs from 'node:fs';
import path from 'node:path';
import { build as esbuild } from 'esbuild';

/** esbuild with what pages take. */
export function bundle(options) {
  return esbuild({ bundle: true, format: 'esm', target: 'es2022', logLevel: 'error', ...options });
}

/** Modules of which a bundle for `contents` holds at least one byte. */
export async function inputsOf(folder, contents) {
  const stdin = { contents, resolveDir: folder };
  const { metafile } = await bundle({ stdin, write: false, metafile: true, outfile: 'out.js' });
  const { inputs } = metafile.outputs['out.js'];
  return Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0);
}

/** Our packages from their bundle/ folder, unbundled; TensorFlow.js as a CDN would make it: one module each. */
export async function writePage(folder, packages) {
  const imports = {};
  for (const name of ['tfjs-core', 'tfjs-backend-cpu']) {
    const external = name === 'tfjs-core' ? [] : ['@tensorflow/tfjs-core'];
    const stdin = { contents: `export * from '@tensorflow/${name}';`, resolveDir: folder };
    await bundle({ stdin, external, outfile: path.join(folder, `${name}.js`) });
    imports[`@tensorflow/${name}`] = `/${name}.js`;
  }
  for (const { name, unpkg } of packages) imports[name] = `/node_modules/${name}/${path.normalize(unpkg)}`;
  const html = `<!doctype html>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script>
  const post = (result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) });
  addEventListener('error', (event) => post({ error: event.message ?? 'a module did not load' }), true);
  addEventListener('unhandledrejection', (event) => post({ error: String(event.reason) }));
</script>
<script type="module">
  import { run, expected } from '/fixture.mjs';
  post({ isRight: String(await run()) === String(expected) });
</script>`;
  fs.writeFileSync(path.join(folder, 'page.html'), html);
}
