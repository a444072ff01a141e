// npm run tarballs [-- <folder>]: builds, then packs every published package into the folder, build/tarballs by default.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { parsedArguments } from './parsed-arguments.mjs';
import { publishedWorkspaces, root } from './workspaces.mjs';

const { positionals } = parsedArguments({ allowPositionals: true }, 'npm run tarballs -- [folder]');
const folder = path.resolve(process.env.INIT_CWD ?? root, positionals[0] ?? path.join(root, 'build/tarballs'));
if (!(await build())) process.exit(1);
fs.mkdirSync(folder, { recursive: true });
const names = publishedWorkspaces().map(({ manifest }) => `--workspace=${manifest.name}`);
execFileSync('npm', ['pack', ...names, '--pack-destination', folder, '--loglevel=error'], {
  cwd: root,
  stdio: 'ignore',
});
console.log(`npm install ${folder}/*.tgz @tensorflow/tfjs @tensorflow/tfjs-backend-wasm`);
