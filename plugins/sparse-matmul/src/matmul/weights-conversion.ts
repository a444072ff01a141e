import { requireRange } from '@tfjs-sparse/core';
import type { SparseFormat } from '../pattern/choose-format.js';

/** Weights of a product of a model, as they were found. */
export interface FoundWeights {
  /** The node's or layer's name. */
  readonly name: string;
  /** Its op or class in the given model. */
  readonly op: string;
  /** Of the weights as the model has them. */
  readonly shape: readonly number[];
  /** Share of the weights that are 0, 0 to 1. */
  readonly sparsity: number;
}

export interface SparseWeightRuleOptions {
  /** Products with a smaller share of zeros stay dense, 0 to 1; default 0: the measured speed alone decides. */
  readonly minSparsity?: number;
  /** Which products may become sparse; default all. */
  readonly include?: (weights: FoundWeights) => boolean;
}

export function requireOptions({ minSparsity = 0 }: SparseWeightRuleOptions): void {
  const isShare = minSparsity >= 0 && minSparsity <= 1;
  requireRange(isShare, 'sparseWeightRules', 'minSparsity must be from 0 to 1', minSparsity);
}

/** Looks at the weights of a product. */
export function foundWeights(
  name: string,
  op: string,
  shape: readonly number[],
  values: ArrayLike<number>,
): FoundWeights {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return { name, op, shape, sparsity: values.length === 0 ? 0 : zeros / values.length };
}

/** Why a product has to stay dense before its weights are looked at closely, or null. */
export function staysDense(
  weights: FoundWeights,
  { minSparsity = 0, include }: SparseWeightRuleOptions,
): string | null {
  if (include && !include(weights)) return 'not included';
  if (weights.sparsity < minSparsity) return `fewer zeros than minSparsity ${minSparsity}`;
  return null;
}

/** Throws for NaN among weights that are to become sparse; those that stay dense may have it. */
export function requireNoNaN({ name }: FoundWeights, values: ArrayLike<number>): void {
  let invalid = 0;
  while (invalid < values.length && !Number.isNaN(values[invalid])) invalid++;
  requireRange(
    invalid === values.length,
    'convertModel',
    `weights of ${name} must be numbers`,
    `NaN at element ${invalid}`,
  );
}

export const notNhwc = 'its images are not NHWC';
export const asFastDense = 'the dense product is as fast at this share of zeros';

/** `csr` (single weights), `block2`, `block4`, `block8`, or with a rule `nm2:4`, `nm2:4x8` (shared by 8 outputs). */
export function patternName({ blockOutputs, groups }: SparseFormat): string {
  if (groups) return `nm${groups.n}:${groups.m}${blockOutputs > 1 ? `x${blockOutputs}` : ''}`;
  return blockOutputs > 1 ? `block${blockOutputs}` : 'csr';
}

export function speedReason({ relativeTime }: SparseFormat): string {
  return `about ${Math.max(relativeTime, 0.01).toFixed(2)} of the dense product's time`;
}
