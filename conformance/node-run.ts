import path from 'node:path';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend } from '@tensorflow/tfjs-core';
import { checkShaders, usePlainKernels } from '@tfjs-sparse/core';
import type { RunOptions } from './cli.js';
import { openNodeBackend } from './node-backends.js';
import { readExpectationFile, readGoldenFolder, workspace } from './node-files.js';
import { findPacks } from './find-packs.js';
import { callCases, operationCases, operations, peerReaders } from './operations.js';
import { goldensOf, requireOps } from './own-goldens.js';
import { runPackCase } from './run-pack.js';
import { adapterLine } from './adapter-line.js';
import { idOn, variantsOf } from './src/backends.js';
import { applyExpectation } from './src/expectations.js';
import { matchesGlob } from './src/glob.js';
import type { GoldenCase } from './src/golden-file.js';
import { leastTolerance, withTolerance } from './src/half-precision.js';
import type { CaseResult } from './src/report.js';
import { runCall } from './src/run-call.js';
import { runCase } from './src/run-case.js';

/** A case, ready to run on the active backend. */
interface Run {
  readonly id: string;
  readonly run: () => Promise<CaseResult>;
}

/** Runs cases on tfjs' backends in this process. */
export async function* runInNode(options: RunOptions): AsyncGenerator<CaseResult> {
  const all = options.golden === null ? ownRuns() : folderRuns(options.golden);
  const runs = all.filter(({ id }) => matchesGlob(id, options.filter));
  if (runs.length === 0) throw new RangeError(`conformance: a case must match '${options.filter}', got none`);
  for (const variant of variantsOf(options.backends)) {
    const missing = await openNodeBackend(variant.tfjsName, variant.isExtended);
    usePlainKernels(variant.isPlain);
    if (!missing && variant.tfjsName === 'webgpu') {
      console.error(await adapterLine());
      checkShaders(backend() as WebGPUBackend);
    }
    const expectations = readExpectationFile('node', variant.name);
    for (const { id, run } of runs) {
      const result = missing ? unavailable(id, missing, variant.tfjsName, options) : await run();
      yield { ...applyExpectation(result, expectations), id: idOn(variant, id) };
    }
  }
}

/** Our own cases: those with goldens, the calls and the packs. */
function ownRuns(): Run[] {
  const files = readGoldenFolder(path.join(workspace, 'golden'));
  requireOps(
    files.map(({ id }) => id),
    operationCases,
  );
  const goldens = operationCases.flatMap((operation) => {
    const file = files.find(({ id }) => id === operation.op);
    return file?.problem ? [unreadable(file.id, file.problem)] : goldensOf(operation, file?.cases ?? null).map(runOf);
  });
  const calls = callCases.map((call) => ({ id: call.id, run: () => runCall(call) }));
  return [...goldens, ...calls, ...packRuns()];
}

/** Every case of every pack's golden. */
function packRuns(): Run[] {
  const models = path.join(workspace, '../models');
  return findPacks(models).flatMap(({ pack, cases, problem }) => [
    ...cases.map((packCase) => ({
      id: packCase.id,
      run: () => runPackCase(packCase, path.join(models, pack), leastTolerance()),
    })),
    ...(problem ? [unreadable(`packs/${pack}`, problem)] : []),
  ]);
}

/** The goldens below a folder, then the files that cannot be read. */
function folderRuns(folder: string): Run[] {
  const files = readGoldenFolder(folder, peerReaders);
  return [
    ...files.flatMap(({ cases }) => cases.map(runOf)),
    ...files.flatMap(({ id, problem }) => (problem ? [unreadable(id, problem)] : [])),
  ];
}

function runOf(golden: GoldenCase): Run {
  return { id: golden.id, run: () => runCase(withTolerance(golden, leastTolerance()), operations) };
}

function unreadable(id: string, reason: string): Run {
  return { id, run: () => Promise.resolve({ id, status: 'fail', maxError: null, reason, ms: 0 }) };
}

function unavailable(id: string, reason: string, backend: string, { required }: RunOptions): CaseResult {
  return { id, status: required.includes(backend) ? 'fail' : 'skip', maxError: null, reason, ms: 0 };
}
