import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import fs from 'node:fs';
import path from 'node:path';
import { compileAssembly } from './assembly.mjs';
import { writeCaseFiles } from './case-files.mjs';
import { removeStale } from './remove-stale.mjs';
import { bundleForScripts } from './script-bundle.mjs';
import { stripShaders } from './strip-wgsl.mjs';
import { filesBelow, publishedWorkspaces, root, workspaces } from './workspaces.mjs';

/**
 * AssemblyScript, then TypeScript, then (unless `bundles` is false) the files for CDNs and the pages of npm start.
 *
 * @returns whether the types are right; wrong types still leave JavaScript to run, a broken *.as.ts throws
 */
export async function build({ bundles = true } = {}) {
  for (const { directory } of workspaces()) await compileAssembly(directory);
  writeCaseFiles();
  const isTyped = compileTypeScript();
  removeStale();
  stripShaders();
  if (isTyped && bundles) {
    if (await bundlePackages()) await bundleForScripts();
    copyLicence();
    await buildPages();
  }
  return isTyped;
}

/** Bundles each package whose compiled files changed. @returns whether one did */
async function bundlePackages() {
  const { rollup } = await import('rollup');
  const { default: configurations } = await import('../rollup.config.mjs');
  const stale = configurations.filter(isStale);
  for (const { output, ...input } of stale) {
    const bundle = await rollup(input);
    await bundle.write(output);
    await bundle.close();
  }
  return stale.length > 0;
}

/** Puts the licence into every package: npm takes it from there only. */
function copyLicence() {
  for (const { directory } of publishedWorkspaces()) {
    fs.copyFileSync(path.join(root, 'LICENSE'), path.join(root, directory, 'LICENSE'));
  }
}

function isStale({ output: { dir } }) {
  const bundled = path.join(dir, 'index.js');
  if (!fs.existsSync(bundled)) return true;
  const workspace = path.relative(root, path.dirname(dir));
  const sources = [
    'rollup.config.mjs',
    path.join(workspace, 'package.json'),
    ...filesBelow(`${workspace}/dist`, '.js'),
  ];
  return sources.some((file) => fs.statSync(path.join(root, file)).mtimeMs > fs.statSync(bundled).mtimeMs);
}

/** Writes the pages of packages/playground from what was compiled. */
export async function buildPages() {
  const compiled = path.join(root, 'packages/playground/dist/src/site/build-pages.js');
  const site = await import(pathToFileURL(compiled).href);
  await site.buildPages();
}

/** tsc reports on stderr: stdout stays free for the output of what runs after the build. */
function compileTypeScript() {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  if (!(await build())) process.exitCode = 1;
}
