import path from 'node:path';
import type { RunOptions } from './cli.js';
import { openNodeBackend } from './node-backends.js';
import { readExpectationFile, readGoldenFolder, workspace } from './node-files.js';
import { pluginOps, usePlainKernels } from './plugin-ops.js';
import { idOn, variantsOf } from './src/backends.js';
import { applyExpectation } from './src/expectations.js';
import { matchesGlob } from './src/glob.js';
import type { CaseResult } from './src/report.js';
import { runCase } from './src/run-case.js';

/** Runs cases on tfjs' backends in this process. */
export async function* runInNode(options: RunOptions): AsyncGenerator<CaseResult> {
  const folder = options.golden ?? path.join(workspace, 'golden');
  const cases = readGoldenFolder(folder).filter(({ id }) => matchesGlob(id, options.filter));
  if (cases.length === 0) throw new RangeError(`conformance: a case must match '${options.filter}' below ${folder}`);
  for (const variant of variantsOf(options.backends)) {
    const missing = await openNodeBackend(variant.tfjsName);
    if (variant.isPlain) usePlainKernels();
    const expectations = readExpectationFile('node', variant.name);
    for (const golden of cases) {
      const result = missing
        ? unavailable(golden.id, missing, variant.tfjsName, options)
        : await runCase(golden, pluginOps);
      yield { ...applyExpectation(result, expectations), id: idOn(variant, golden.id) };
    }
  }
}

function unavailable(id: string, reason: string, backend: string, { required }: RunOptions): CaseResult {
  return { id, status: required.includes(backend) ? 'fail' : 'skip', maxError: null, reason, ms: 0 };
}
