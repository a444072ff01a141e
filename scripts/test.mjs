// npm test: builds, runs every runner that this machine has, one after the other, and sums up.
// REQUIRE_BROWSERS=chromium,firefox,webkit turns a missing browser into a failure.
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import browsersModule from './browsers.cjs';
import { build } from './build.mjs';
import { bundleTests } from './bundle-tests.mjs';
import { root } from './workspaces.mjs';

const { browsers } = browsersModule;
const required = requiredBrowsers();
const limitMinutes = 25; // of one runner; the longest, Firefox', takes 6 on two cores
const countsFile = path.join(root, 'build/counts.json');
const rows = [];

fs.mkdirSync(path.dirname(countsFile), { recursive: true });
const isTyped = await build();
record('types and bundles', { passed: isTyped ? 1 : 0, failed: isTyped ? 0 : 1, skipped: 0 });

await runCounted('specs (node)', ['scripts/spec.mjs', '--no-build']);
await runConformance();
await runCounted('packed packages', ['scripts/spec.mjs', '--no-build', 'tests/pack/']);
await runBrowsers();
summarize();

/** @throws a name that is none */
function requiredBrowsers() {
  const names = (process.env.REQUIRE_BROWSERS ?? '').split(',').filter(Boolean);
  const unknown = names.find((name) => !(name in browsers));
  if (unknown === undefined) return names;
  const known = Object.keys(browsers).join(', ');
  console.error(`npm test: REQUIRE_BROWSERS must name ${known}, got ${unknown}`);
  process.exit(1);
}

async function runConformance() {
  const cli = 'conformance/dist/cli.js';
  for (const backend of ['cpu', 'wasm', 'webgpu']) {
    const runner = `conformance ${backend} (node)`;
    if (!fs.existsSync(path.join(root, cli))) skip(runner, `${cli} was not built`, true);
    else await runCases(runner, [cli, '--json', `--backend=${backend}`], backend === 'webgpu');
  }
}

async function runBrowsers() {
  try {
    await bundleTests();
  } catch {
    return record('bundle for browsers', { passed: 0, failed: 1, skipped: 0 });
  }
  for (const [name, { binary, missing }] of Object.entries(browsers)) {
    const runner = `specs and conformance (${name})`;
    if (!binary) skip(runner, missing, required.includes(name));
    else await runCounted(runner, ['node_modules/karma/bin/karma', 'start'], { KARMA_BROWSER: name });
  }
}

/** A runner that writes {passed, failed, skipped} to a file. */
async function runCounted(runner, args, variables = {}) {
  fs.rmSync(countsFile, { force: true });
  const flags = args[0].startsWith('scripts/') ? [`--counts=${countsFile}`] : [];
  const code = await run(runner, [...args, ...flags], { ...variables, COUNTS: countsFile });
  const counts = fs.existsSync(countsFile) && JSON.parse(fs.readFileSync(countsFile, 'utf8'));
  record(runner, counts || { passed: 0, failed: 0, skipped: 0 }, code);
}

/** The conformance command line: one JSON result a line on stdout. */
async function runCases(runner, args, mayBeMissing) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let lastReason;
  const code = await run(runner, args, {}, (line) => {
    if (!line.startsWith('{')) return console.log(line);
    const { id, status, reason } = JSON.parse(line);
    const kind = { pass: 'passed', skip: 'skipped' }[status] ?? 'failed';
    counts[kind]++;
    lastReason = reason;
    if (kind === 'failed') console.log(`FAILED ${id}: ${reason}`);
  });
  const isMissing = code === 0 && counts.passed + counts.failed === 0 && counts.skipped > 0;
  if (isMissing && mayBeMissing) skip(runner, lastReason, false);
  else record(runner, counts, code);
}

/** @returns the exit code; a runner that is not done within its limit is ended and fails */
function run(runner, args, variables, onLine) {
  console.log(`\n=== ${runner}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...variables },
      stdio: ['ignore', onLine ? 'pipe' : 'inherit', 'inherit'],
    });
    if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
    const timer = setTimeout(() => {
      console.log(`${runner}: ended, a runner may take ${limitMinutes} minutes`);
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    }, limitMinutes * 60_000);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}

function record(runner, counts, exitCode = 0) {
  const ran = counts.passed + counts.failed;
  const reason = ran === 0 ? 'ran no test' : exitCode !== 0 && counts.failed === 0 ? `exit code ${exitCode}` : '';
  rows.push({ runner, ...counts, failed: counts.failed + (reason ? 1 : 0), reason });
}

function skip(runner, reason, isRequired) {
  rows.push({ runner, passed: 0, failed: isRequired ? 1 : 0, skipped: isRequired ? 0 : 1, reason });
}

function summarize() {
  const width = Math.max(...rows.map(({ runner }) => runner.length));
  console.log(`\n${'runner'.padEnd(width)}  passed  failed  skipped`);
  for (const { runner, passed, failed, skipped, reason } of rows) {
    const numbers = `${String(passed).padStart(6)}${String(failed).padStart(8)}${String(skipped).padStart(9)}`;
    const isSkipped = passed + failed === 0;
    console.log(`${runner.padEnd(width)}  ${numbers}${reason && `  ${isSkipped ? 'SKIPPED' : 'FAILED'}: ${reason}`}`);
  }
  const total = (kind) => rows.reduce((sum, row) => sum + row[kind], 0);
  console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  process.exitCode = total('failed') > 0 ? 1 : 0;
}
