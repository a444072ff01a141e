// node scripts/run.mjs <compiled file> [arguments]: builds what is missing, then runs the file with the arguments.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { root } from './workspaces.mjs';

if (!(await build({ bundles: false }))) console.error('The types are wrong (see above); running what was compiled.');
process.exitCode = spawnSync(process.execPath, process.argv.slice(2), { cwd: root, stdio: 'inherit' }).status ?? 1;
