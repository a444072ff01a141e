import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runInBrowser } from './browser-run.js';
import { goldenPaths } from './node-files.js';
import { runInNode } from './node-run.js';
import { exitCode, formatResult, formatSummary, worstOf, type CaseResult } from './src/report.js';

const usage = `npm run conformance -- [options]
  --backend <name>   cpu, wasm, webgl (in browsers), webgpu or webgpu-extended (alone, in Node); may be repeated;
                     default cpu and wasm
  --browser <name>   chromium, firefox or webkit instead of Node
  --filter <glob>    only cases whose id matches, e.g. 'subm-conv/*'
  --golden <folder>  the cases of every .safetensors file below the folder instead of our own
  --json             one JSON line a case: {id, status, maxError, reason, ms}
Exit code 1 when a case fails. CONFORMANCE_REQUIRE=webgpu (or several names, with commas): what is missing fails too.`;

/** What to run, from the command line. */
export interface RunOptions {
  readonly backends: readonly string[];
  readonly filter: string;
  /** Folder of goldens, or null for our own cases. */
  readonly golden: string | null;
  /** Backends whose absence fails. */
  readonly required: readonly string[];
}

const tfjsBackends = ['cpu', 'wasm', 'webgl', 'webgpu'];
const backendNames = [...tfjsBackends, 'webgpu-extended'];
const browserNames = ['chromium', 'firefox', 'webkit'];

try {
  process.exit(await main()); // Dawn's threads would keep the process
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function main(): Promise<number> {
  const values = parseCommandLine();
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const options: RunOptions = {
    backends: values.backend,
    filter: values.filter,
    golden: values.golden === undefined ? null : goldenFolder(values.golden),
    required: requiredBackends(process.env.CONFORMANCE_REQUIRE ?? ''),
  };
  const ran = values.browser === undefined ? runInNode(options) : runInBrowser(values.browser, options);
  const results: CaseResult[] = [];
  for await (const result of ran) {
    results.push(result);
    if (options.golden === null) console.log(formatResult(result, values.json));
  }
  // A golden is one line per backend, the worse of both ways on cpu: its id is its file.
  const lines = options.golden === null ? results : worstPerBackend(results, options.backends.length === 1);
  if (options.golden !== null) for (const line of lines) console.log(formatResult(line, values.json));
  if (!values.json) console.log(formatSummary(lines));
  return exitCode(lines);
}

function worstPerBackend(results: readonly CaseResult[], isOneBackend: boolean): CaseResult[] {
  const byId = new Map<string, CaseResult[]>();
  for (const result of results) {
    const id = result.id.replace(/;backend=cpu-plain$/, ';backend=cpu');
    byId.set(id, [...(byId.get(id) ?? []), result]);
  }
  return [...byId].map(([id, same]) => ({ ...worstOf(same), id: isOneBackend ? id.replace(/;backend=.*$/, '') : id }));
}

function parseCommandLine() {
  const values = parsed();
  for (const name of values.backend) requireName('--backend', name, backendNames);
  if (values.browser !== undefined) requireName('--browser', values.browser, browserNames);
  return values;
}

function parsed() {
  try {
    return parseArgs({
      options: {
        backend: { type: 'string', multiple: true, default: ['cpu', 'wasm'] },
        browser: { type: 'string' },
        filter: { type: 'string', default: '*' },
        golden: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new RangeError(`conformance: ${problem} (--help lists the options)`, { cause: error });
  }
}

/** Names with commas between; none for an empty text. */
function requiredBackends(text: string): string[] {
  const names = text.split(',').flatMap((name) => name.trim() || []);
  for (const name of names) requireName('CONFORMANCE_REQUIRE', name, tfjsBackends);
  return names;
}

function goldenFolder(given: string): string {
  const folder = path.resolve(given);
  const found = fs.statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    if (goldenPaths(folder).length > 0) return folder;
    throw new RangeError(
      `conformance: --golden must be a folder with .safetensors files, got ${given} (none below it)`,
    );
  }
  const got = found ? `the file ${given}` : `${given} (not there)`;
  throw new RangeError(`conformance: --golden must be a folder, got ${got}`);
}

function requireName(option: string, name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw new RangeError(`conformance: ${option} must be ${names.join(', ')}, got ${name}`);
}
