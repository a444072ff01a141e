import * as tf from '@tensorflow/tfjs-core';
import type { Comparison } from './compare-values.js';
import { compareExecution } from './compare.js';
import { activeDevice, watchDevice } from './device-watch.js';
import { executeGolden } from './golden-case.js';
import type { GoldenCase } from './golden-file.js';
import type { Execution, HostValues } from './host-output.js';
import { notCovered, type Operations } from './operations.js';
import type { CaseResult } from './report.js';
import { surround } from './surroundings.js';

/**
 * Runs a case twice on the active backend and checks: outputs, intermediates and gradients against the golden, the same
 * bits both times, no tensor left behind, nothing written beside the outputs, no error of the device.
 */
export async function runCase(golden: GoldenCase, operations: Operations): Promise<CaseResult> {
  const start = performance.now();
  const result = (status: CaseResult['status'], maxError: number | null, reason: string | null): CaseResult => {
    return { id: golden.id, status, maxError, reason, ms: performance.now() - start };
  };
  const skipReason = notCovered(golden, operations);
  if (skipReason) return result('skip', null, skipReason);
  const problems: string[] = [];
  let comparisons: Comparison[] = [];
  const deviceErrors = watchDevice(activeDevice());
  const surroundings = surround(elementCounts(golden));
  try {
    const first = await executeWatched(golden, operations, problems);
    const second = await executeWatched(golden, operations, problems);
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

async function executeWatched(golden: GoldenCase, operations: Operations, problems: string[]): Promise<Execution> {
  const tensorsBefore = tf.memory().numTensors;
  const execution = await executeGolden(golden, operations);
  const leaked = tf.memory().numTensors - tensorsBefore;
  if (leaked !== 0) problems.push(`${leaked} tensors more than before the case`);
  return execution;
}

/** Of the tensors whose elements have four bytes. */
function elementCounts({ tensors }: GoldenCase): number[] {
  return [...tensors.values()]
    .filter(({ dtype }) => dtype === 'F32' || dtype === 'I32')
    .map(({ values }) => values.length);
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

/** 0 and -0 differ; which of its bits a NaN has is left to the engine (ECMA-262, NumericToRawBytes). */
function hasSameBits(a: HostValues, b: HostValues | undefined): boolean {
  return b?.length === a.length && Array.prototype.every.call(a, (value, index) => Object.is(value, b[index]));
}
