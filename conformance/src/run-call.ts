import * as tf from '@tensorflow/tfjs-core';
import type { CaseResult } from './report.js';

/** A call whose behaviour is stated: an error, the same word for word on every backend, or a result that it checks. */
export interface CallCase {
  readonly id: string;
  readonly call: () => unknown;
  /** `<name>: <message>` of the error; null where `call` itself throws unless its result is right. */
  readonly error: string | ((backendName: string) => string | null) | null;
  /** Why the call cannot be made on the active backend, or null. */
  readonly unavailable?: () => string | null;
}

/** Makes the call on the active backend; checks its outcome, and that no tensor was left behind. */
export async function runCall({ id, call, error, unavailable }: CallCase): Promise<CaseResult> {
  const start = performance.now();
  const reason = unavailable?.();
  if (reason) return { id, status: 'skip', maxError: null, reason, ms: 0 };
  const expected = (typeof error === 'function' ? error(tf.getBackend()) : error) ?? nothing;
  const tensorsBefore = tf.memory().numTensors;
  tf.engine().startScope(id); // frees the arguments, also those of a call that fails
  let outcome = nothing;
  try {
    await call();
  } catch (thrown) {
    outcome = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
  tf.engine().endScope();
  const leaked = tf.memory().numTensors - tensorsBefore;
  const ms = performance.now() - start;
  if (outcome !== expected)
    return { id, status: 'fail', maxError: null, reason: `must throw '${expected}', got '${outcome}'`, ms };
  if (leaked !== 0)
    return { id, status: 'fail', maxError: null, reason: `${leaked} tensors more than before the case`, ms };
  return { id, status: 'pass', maxError: null, reason: null, ms };
}

const nothing = 'nothing';
