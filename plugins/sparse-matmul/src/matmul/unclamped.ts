import { greater, less, logicalAnd, mul, type Tensor } from '@tensorflow/tfjs-core';
import type { FusedActivation } from './activation.js';

/** The gradient for the sums of which y is the activation: dy where it let them through. */
export function unclamped(dy: Tensor, y: Tensor, activation: FusedActivation): Tensor {
  const isAbove = greater(y, 0);
  return mul(dy, activation === 'relu6' ? logicalAnd(isAbove, less(y, 6)) : isAbove);
}
