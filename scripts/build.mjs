import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { compileAssembly } from './assembly.mjs';
import { root, workspaces } from './workspaces.mjs';

/**
 * AssemblyScript, then TypeScript, then (unless `bundles` is false) the files for CDNs.
 *
 * @returns whether the types are right; wrong types still leave JavaScript to run, a broken *.as.ts throws
 */
export async function build({ bundles = true } = {}) {
  for (const { directory } of workspaces()) await compileAssembly(directory);
  const isTyped = node('node_modules/typescript/bin/tsc', '-b') === 0;
  if (isTyped && bundles && node('node_modules/rollup/dist/bin/rollup', '-c', '--silent') !== 0) {
    throw new Error('rollup failed');
  }
  return isTyped;
}

/** The compilers report on stderr: stdout stays free for the output of what runs after the build. */
function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] }).status;
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  if (!(await build())) process.exitCode = 1;
}
