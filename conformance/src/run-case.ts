import * as tf from '@tensorflow/tfjs-core';
import { compareExecution, type Comparison } from './compare.js';
import { activeDevice, watchDevice } from './device-watch.js';
import { executeGolden, type Execution } from './golden-case.js';
import type { GoldenCase } from './golden-file.js';
import { notCovered } from './not-covered.js';
import type { SparseOps } from './ops.js';
import type { CaseResult } from './report.js';
import { surround } from './surroundings.js';

/**
 * Runs a case twice on the active backend and checks: outputs, intermediates and gradients against the golden, the same
 * bits both times, no tensor left behind, nothing written beside the outputs, no error of the device.
 */
export async function runCase(golden: GoldenCase, ops: SparseOps): Promise<CaseResult> {
  const start = performance.now();
  const result = (status: CaseResult['status'], maxError: number | null, reason: string | null): CaseResult => {
    return { id: golden.id, status, maxError, reason, ms: performance.now() - start };
  };
  const skipReason = notCovered(golden, ops);
  if (skipReason) return result('skip', null, skipReason);
  const problems: string[] = [];
  let comparisons: Comparison[] = [];
  const deviceErrors = watchDevice(activeDevice());
  const surroundings = surround(floatSizes(golden));
  try {
    const first = await executeWatched(golden, ops, problems);
    const second = await executeWatched(golden, ops, problems);
    problems.push(...differingBits(first, second));
    comparisons = compareExecution(golden, first);
    if (comparisons.length === 0) problems.push('nothing was compared: the golden has no output that the case makes');
    problems.unshift(...comparisons.flatMap(({ problem }) => problem ?? []));
  } catch (error) {
    problems.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  const [errors, damage] = await Promise.all([deviceErrors(), surroundings.release()]);
  if (damage) problems.push(damage);
  problems.unshift(...errors);
  const maxError = comparisons.length > 0 ? Math.max(...comparisons.map(({ error }) => error)) : null;
  if (problems.length === 0) return result('pass', maxError, null);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return result('fail', maxError, problems[0] + more);
}

async function executeWatched(golden: GoldenCase, ops: SparseOps, problems: string[]): Promise<Execution> {
  const tensorsBefore = tf.memory().numTensors;
  const execution = await executeGolden(golden, ops);
  const leaked = tf.memory().numTensors - tensorsBefore;
  if (leaked !== 0) problems.push(`${leaked} tensors more than before the case`);
  return execution;
}

function floatSizes({ tensors }: GoldenCase): number[] {
  return [...tensors.values()].filter(({ dtype }) => dtype === 'F32').map(({ values }) => values.length);
}

function differingBits(first: Execution, second: Execution): string[] {
  const values = ({ outputs, gradients }: Execution) => [
    ...[...outputs].map(([name, output]) => [name, output.values] as const),
    ...[...gradients].map(([name, gradient]) => [`grad_${name}`, gradient] as const),
  ];
  const again = new Map(values(second));
  return values(first)
    .filter(([name, tensor]) => !hasSameBits(tensor, again.get(name)))
    .map(([name]) => `${name}: a second run must give the same bits`);
}

function hasSameBits(a: Float32Array, b: Float32Array | undefined): boolean {
  const bytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (b?.length !== a.length) return false;
  const bytesOfB = bytes(b);
  return bytes(a).every((byte, index) => byte === bytesOfB[index]);
}
