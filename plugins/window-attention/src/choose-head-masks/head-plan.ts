import { requireRange } from '@tfjs-sparse/core';
import type { AttentionMask } from '../attention-masks/attention-mask.js';
import { headMasks } from '../attention-masks/combinations.js';

/** Which mask each head of a layer has: plain JSON, `JSON.stringify` writes it, `readHeadPlan` reads it. */
export interface HeadPlan {
  readonly maxError: number;
  /** The name of each head's mask. */
  readonly heads: readonly string[];
  /** Of each candidate and of 'dense': milliseconds of a head, and the error of each. */
  readonly candidates: Record<string, { readonly ms: number; readonly errors: readonly number[] }>;
}

/**
 * The mask of all heads of a plan, for `blockSparseAttention`.
 *
 * @param masks by the names of the plan, 'dense' among them where a head has it
 * @throws RangeError for a name of the plan without a mask
 */
export function headPlanMask(plan: HeadPlan, masks: Readonly<Record<string, AttentionMask>>): AttentionMask {
  const ofHeads = plan.heads.map((name) => {
    requireRange(Object.hasOwn(masks, name), 'headPlanMask', `masks must have '${name}'`, Object.keys(masks));
    return masks[name];
  });
  return headMasks(ofHeads);
}

/**
 * A plan that `JSON.parse` gave, checked.
 *
 * @throws RangeError for anything that is no plan
 */
export function readHeadPlan(json: unknown): HeadPlan {
  const { maxError, heads, candidates } = fieldsOf(json, 'plan');
  const isError = typeof maxError === 'number' && maxError >= 0;
  requireRange(isError, op, 'maxError must be a number of at least 0', maxError);
  const measured = Object.entries(fieldsOf(candidates, 'candidates')).map(([name, candidate]) => {
    const { ms, errors } = fieldsOf(candidate, `candidates.${name}`);
    requireRange(typeof ms === 'number', op, `candidates.${name}.ms must be a number`, ms);
    const areErrors = areNumbers(errors) && Array.isArray(heads) && errors.length === heads.length;
    requireRange(areErrors, op, `candidates.${name}.errors must be a number for each head`, errors);
    return [name, { ms, errors }] as const;
  });
  const names = measured.map(([name]) => name);
  const areNames = Array.isArray(heads) && heads.length > 0 && heads.every((name) => names.includes(name as string));
  requireRange(areNames, op, `heads must be names of candidates (${names.join(', ')})`, heads);
  return { maxError, heads: heads as string[], candidates: Object.fromEntries(measured) };
}

const op = 'readHeadPlan';

function fieldsOf(value: unknown, what: string): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  requireRange(isObject, op, `${what} must be an object`, value);
  return value as Record<string, unknown>;
}

function areNumbers(values: unknown): values is number[] {
  return Array.isArray(values) && values.every((value) => typeof value === 'number');
}
