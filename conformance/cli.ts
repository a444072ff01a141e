import path from 'node:path';
import { parseArgs } from 'node:util';
import { openNodeBackend } from './node-backends.js';
import { readExpectationFile, readGoldenFolder, workspace } from './node-files.js';
import { pluginOps, usePlainKernels } from './plugin-ops.js';
import { variantsOf } from './src/backends.js';
import { applyExpectation } from './src/expectations.js';
import { matchesGlob } from './src/glob.js';
import type { GoldenCase } from './src/golden-file.js';
import { exitCode, formatResult, formatSummary, worstOf, type CaseResult } from './src/report.js';
import { runCase } from './src/run-case.js';

const usage = `npm run conformance -- [options]
  --backend <name>   cpu, wasm or webgpu; may be repeated; default cpu and wasm
  --browser <name>   chromium or firefox instead of Node
  --filter <glob>    only cases whose id matches, e.g. 'subm-conv/*'
  --golden <folder>  the cases of every .safetensors file below the folder instead of our own
  --json             one JSON line a case: {id, status, maxError, reason}
Exit code 1 when a case fails. CONFORMANCE_REQUIRE=webgpu: a missing adapter fails too.`;

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', multiple: true, default: ['cpu', 'wasm'] },
    browser: { type: 'string' },
    filter: { type: 'string', default: '*' },
    golden: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const folder = options.golden ?? path.join(workspace, 'golden');
const isOwn = options.golden === undefined;

if (options.help) console.log(usage);
else process.exitCode = exitCode(await runInNode());
// Dawn's threads outlive the last promise.
if (options.backend.includes('webgpu')) process.exit();

async function runInNode(): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const backend of options.backend) {
    const cases = readGoldenFolder(folder).filter(({ id }) => matchesGlob(id, options.filter));
    const missing = await openNodeBackend(backend);
    const perVariant: CaseResult[][] = [];
    for (const variant of variantsOf(backend)) {
      if (variant.isPlain) usePlainKernels();
      const expectations = readExpectationFile('node', variant.name);
      const ran: CaseResult[] = [];
      for (const golden of cases) {
        const result = missing ? unavailable(golden, missing, backend) : await runCase(golden, pluginOps);
        ran.push(applyExpectation(result, expectations));
      }
      perVariant.push(ran);
    }
    results.push(...cases.map((_, index) => worstOf(perVariant.map((ran) => ran[index]))));
  }
  for (const result of results) console.log(formatResult(result, options.json));
  if (!options.json) console.log(formatSummary(results));
  return results;
}

function unavailable(golden: GoldenCase, missing: string, backend: string): CaseResult {
  const isRequired = (process.env.CONFORMANCE_REQUIRE ?? '').split(',').includes(backend);
  return { id: golden.id, status: isRequired ? 'fail' : 'skip', maxError: null, reason: missing, ms: 0 };
}
