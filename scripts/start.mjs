// npm start -- [options]: builds what is missing, then runs the demos and serves their pages (--help lists the options).
// npx tfjs-sparse-demo [options] is the same without npm's banner.
import path from 'node:path';
import { spawn } from 'node:child_process';
import { build, buildPages } from './build.mjs';
import { root } from './workspaces.mjs';

const start = performance.now();
let isTold = false; // a build that finds nothing to do takes a moment
const telling = setTimeout(() => {
  isTold = true;
  process.stderr.write('Looking for what must be built, and building it (about a minute the first time) …');
}, 1500);
const isTyped = await build({ bundles: false });
await buildPages();
clearTimeout(telling);
if (isTold) process.stderr.write(` ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
if (!isTyped) console.error('The types are wrong (see above); running what was compiled.');
const cli = path.join(root, 'packages/playground/dist/src/command/cli.js');
const child = spawn(process.execPath, [cli, ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(), // file names of the user are relative to where npm or the bin was called
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => (process.exitCode = code ?? (signal === 'SIGINT' ? 0 : 1))); // Ctrl+C is how it ends
