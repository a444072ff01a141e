import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { compileAssembly } from './assembly.mjs';
import { bundlePackages } from './bundle-packages.mjs';
import { writeCaseFiles } from './case-files.mjs';
import { stripShaders } from './strip-wgsl.mjs';
import { root, workspaces } from './workspaces.mjs';

/**
 * AssemblyScript, then TypeScript, then (unless `bundles` is false) the files for CDNs.
 *
 * @returns whether the types are right; wrong types still leave JavaScript to run, a broken *.as.ts throws
 */
export async function build({ bundles = true } = {}) {
  for (const { directory } of workspaces()) await compileAssembly(directory);
  writeCaseFiles();
  const isTyped = compileTypeScript();
  stripShaders();
  if (isTyped && bundles) await bundlePackages();
  return isTyped;
}

/** tsc reports on stderr: stdout stays free for the output of what runs after the build. */
function compileTypeScript() {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  if (!(await build())) process.exitCode = 1;
}
