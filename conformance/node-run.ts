import path from 'node:path';
import type { RunOptions } from './cli.js';
import { openNodeBackend } from './node-backends.js';
import { readExpectationFile, readGoldenFolder, workspace } from './node-files.js';
import { callCases } from './cases/index.js';
import { findPacks } from './find-packs.js';
import { pluginOps, usePlainKernels } from './plugin-ops.js';
import { idOn, variantsOf } from './src/backends.js';
import { runPackCase } from './run-pack.js';
import { applyExpectation } from './src/expectations.js';
import { matchesGlob } from './src/glob.js';
import { leastTolerance, withTolerance } from './src/half-precision.js';
import type { CaseResult } from './src/report.js';
import { runCall } from './src/run-call.js';
import { runCase } from './src/run-case.js';

/** Runs cases on tfjs' backends in this process. */
export async function* runInNode(options: RunOptions): AsyncGenerator<CaseResult> {
  const runs = casesOf(options);
  if (runs.length === 0) throw new RangeError(`conformance: a case must match '${options.filter}', got none`);
  for (const variant of variantsOf(options.backends)) {
    const missing = await openNodeBackend(variant.tfjsName, variant.isExtended);
    if (variant.isPlain) usePlainKernels();
    const expectations = readExpectationFile('node', variant.name);
    for (const { id, run } of runs) {
      const result = missing ? unavailable(id, missing, variant.tfjsName, options) : await run();
      yield { ...applyExpectation(result, expectations), id: idOn(variant, id) };
    }
  }
}

/** The goldens below the folder, or our own cases: those with goldens, the bad inputs and the packs. */
function casesOf({ golden: folder, filter }: RunOptions): { id: string; run: () => Promise<CaseResult> }[] {
  const files = readGoldenFolder(folder ?? path.join(workspace, 'golden'));
  const runs = [
    ...files.flatMap(({ cases }) =>
      cases.map((golden) => ({
        id: golden.id,
        run: () => runCase(withTolerance(golden, leastTolerance()), pluginOps),
      })),
    ),
    ...files.flatMap(({ id, problem }) => (problem ? [{ id, run: async () => unreadable(id, problem) }] : [])),
    ...(folder ? [] : callCases).map((call) => ({ id: call.id, run: () => runCall(call, pluginOps) })),
    ...(folder ? [] : packRuns()),
  ];
  return runs.filter(({ id }) => matchesGlob(id, filter));
}

/** Every case of every pack's golden. */
function packRuns(): { id: string; run: () => Promise<CaseResult> }[] {
  const models = path.join(workspace, '../models');
  return findPacks(models).flatMap(({ pack, cases, problem }) => [
    ...cases.map((packCase) => ({
      id: packCase.id,
      run: () => runPackCase(packCase, path.join(models, pack), leastTolerance()),
    })),
    ...(problem ? [{ id: `packs/${pack}`, run: async () => unreadable(`packs/${pack}`, problem) }] : []),
  ]);
}

function unreadable(id: string, reason: string): CaseResult {
  return { id, status: 'fail', maxError: null, reason, ms: 0 };
}

function unavailable(id: string, reason: string, backend: string, { required }: RunOptions): CaseResult {
  return { id, status: required.includes(backend) ? 'fail' : 'skip', maxError: null, reason, ms: 0 };
}
