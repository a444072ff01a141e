import type { Tensor } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import type { GeluApproximation } from './attributes.js';
import { geluOp } from './definition.js';

export interface GeluOptions {
  /** As torch's: 'none' (default) with the error function, or 'tanh'. */
  readonly approximation?: GeluApproximation;
}

/**
 * The Gaussian error linear unit (Hendrycks and Gimpel 2016): x times the share of a normal distribution below x, or with
 * `tanh` `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`; torch's gelu. The gradient has none of its own.
 *
 * @param x float32 of any shape
 * @returns float32 like x
 * @throws TypeError for another dtype, RangeError for another approximation
 */
export function gelu<T extends Tensor>(x: T, { approximation = 'none' }: GeluOptions = {}): T {
  requireType(x.dtype === 'float32', 'gelu', 'x must be float32', x.dtype);
  const isKnown = approximation === 'none' || approximation === 'tanh';
  requireRange(isKnown, 'gelu', "approximation must be 'none' or 'tanh'", approximation);
  return runOp(geluOp, { x }, { approximation }).y as T;
}
