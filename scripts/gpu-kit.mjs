// npm run gpu-kit: gpu-kit/ holds what checks and measures a GPU on any x86-64 Linux machine with a Vulkan driver and no
// network: Node, Dawn's binding, the Vulkan loader, the conformance suite and the benches. `./run` unpacks it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { build } from './build.mjs';
import { filesBelow, root } from './workspaces.mjs';

/** The whole folder, before `./run` unpacks it: small enough to be copied to any machine. */
const limitBytes = 40_000_000;

const folder = path.join(root, 'gpu-kit');
const loaderFolders = [
  '/usr/lib/x86_64-linux-gnu',
  '/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/lib/chromium',
];
const programs = { conformance: 'conformance/dist/cli.js', bench: 'bench/dist/cli.js' };

/** What the kit is made of and this machine lacks, or null. */
export function missingPart() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'gpu-kit: must be made on x86-64 Linux';
  if (!fs.existsSync(dawnFolder())) return 'gpu-kit: needs the optional dependency webgpu (npm install)';
  if (!vulkanLoader()) return 'gpu-kit: needs the Vulkan loader (apt-get install libvulkan1)';
  if (spawnSync('xz', ['--version']).error) return 'gpu-kit: needs xz (apt-get install xz-utils)';
  return null;
}

/** Writes the unpacked kit into the empty folder `target`. */
export async function stageKit(target) {
  const into = (...parts) => path.join(target, ...parts);
  const copy = (from, to) => fs.cpSync(fs.realpathSync(from), to, { recursive: true });
  copy(process.execPath, into('bin/node'));
  spawnSync('strip', [into('bin/node')]); // without binutils it stays 12 MB larger
  copy(vulkanLoader(), into('lib/libvulkan.so.1'));
  const dawn = into('app/node_modules/webgpu');
  for (const file of ['package.json', 'index.js', 'dist/linux-x64/dawn.node']) {
    copy(path.join(dawnFolder(), '../..', file), path.join(dawn, file));
  }
  const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm';
  const { main } = JSON.parse(fs.readFileSync(path.join(root, wasm, 'package.json'), 'utf8'));
  const binaries = fs.readdirSync(path.join(root, wasm, 'dist')).filter((file) => file.endsWith('.wasm'));
  for (const file of ['package.json', main, ...binaries.map((name) => `dist/${name}`)]) {
    copy(path.join(root, wasm, file), into('app', wasm, file));
  }
  for (const part of ['conformance/golden', 'conformance/expectations']) copy(path.join(root, part), into('app', part));
  for (const file of packFiles()) copy(path.join(root, file), into('app', file));
  copy(path.join(root, 'LICENSE'), into('LICENSE'));
  fs.writeFileSync(into('app/package.json'), '{"type": "module"}\n');
  for (const program of Object.values(programs)) await bundle(program, into('app', program));
}

/** The command that runs a program of an unpacked kit; it needs nothing of the environment. */
export function commandOf(kit, program, args) {
  return {
    file: path.join(kit, 'bin/node'),
    args: [path.join(kit, 'app', programs[program]), ...args],
    lib: path.join(kit, 'lib'),
  };
}

function bundle(entry, outfile) {
  return esbuild({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['main'], // one copy of TensorFlow.js, whether required or imported
    external: ['webgpu', 'onnxruntime-web'],
    banner: {
      js: "import {createRequire as kitRequire} from 'node:module';const require=kitRequire(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;",
    },
    plugins: [{ name: 'no-browsers', setup: ({ onLoad }) => onLoad({ filter: /browser-run(ner)?\.js$/ }, noBrowsers) }],
    logLevel: 'error',
  });
}

function noBrowsers() {
  return {
    contents: "export async function* runInBrowser() { throw new Error('gpu-kit: must run in Node, got --browser'); }",
  };
}

function dawnFolder() {
  return path.join(root, 'node_modules/webgpu/dist/linux-x64');
}

function vulkanLoader() {
  return loaderFolders.map((place) => path.join(place, 'libvulkan.so.1')).find((file) => fs.existsSync(file));
}

/** Manifests of the packs, and the files that they list. */
function packFiles() {
  return filesBelow('models', `${path.sep}manifest.json`).flatMap((manifest) => {
    const { files } = JSON.parse(fs.readFileSync(path.join(root, manifest), 'utf8'));
    return [manifest, ...files.map((file) => path.join(path.dirname(manifest), file.path))];
  });
}

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (error || status !== 0) throw new Error(`gpu-kit: ${command} must succeed, got ${error ?? `exit code ${status}`}`);
}

function bytesBelow(directory) {
  const files = fs.readdirSync(directory, { recursive: true }).map((file) => fs.statSync(path.join(directory, file)));
  return files.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

async function main() {
  const missing = missingPart();
  if (missing) throw new Error(missing);
  if (!(await build({ bundles: false }))) throw new Error('gpu-kit: the types must be right');
  const staging = fs.mkdtempSync(path.join(os.tmpdir(), 'gpu-kit-'));
  try {
    await stageKit(staging);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    const archive = path.join(folder, 'kit.tar.xz');
    run('tar', ['--sort=name', '--owner=0', '--group=0', '-C', staging, '-cJf', archive, '.']);
    fs.copyFileSync(path.join(root, 'scripts/gpu-kit-run.sh'), path.join(folder, 'run'));
    fs.chmodSync(path.join(folder, 'run'), 0o755);
  } finally {
    fs.rmSync(staging, { recursive: true });
  }
  const bytes = bytesBelow(folder);
  console.log(`gpu-kit: ${bytes} bytes of ${limitBytes}`);
  if (bytes > limitBytes) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
