// node scripts/run.mjs <compiled file> [arguments]: builds what is missing, then runs the file with the arguments.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { root } from './workspaces.mjs';

if (!(await build({ bundles: false }))) console.error('The types are wrong (see above); running what was compiled.');
const mistakes = new URL('mistakes.mjs', import.meta.url).href;
const args = ['--import', mistakes, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
