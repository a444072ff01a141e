import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { requireRows } from '../top-k/op.js';
import { jumpReLUOp, jumpStepOp } from './definition.js';

export interface JumpReLUOptions {
  /** Width of the kernel that estimates the threshold's gradient, in units of x; default 0.001. */
  readonly bandwidth?: number;
}

const defaultBandwidth = 0.001; // the paper's, for activations of mean square 1 (section 3)

/**
 * `x where x > threshold, else 0` (Rajamanoharan et al. 2024, "Jumping Ahead"). The gradient of x is masked. That of the
 * threshold, which has none, is the paper's estimate with a rectangle kernel (section 4, equation 11):
 * `-threshold / bandwidth` where x lies less than half a bandwidth from the threshold. NaN stays out.
 *
 * @param x         float32 `[..., features]`
 * @param threshold float32 `[features]`, at least 0
 * @returns         `[..., features]`
 * @throws RangeError where the threshold is no vector of the last axis of x or bandwidth is not above 0; TypeError for
 *         other than float32
 */
export function jumpReLU(
  x: Tensor,
  threshold: Tensor1D,
  { bandwidth = defaultBandwidth }: JumpReLUOptions = {},
): Tensor {
  requireOperands('jumpReLU', x, threshold, bandwidth);
  return runOp(jumpReLUOp, { x, threshold }, { bandwidth }).y;
}

/**
 * `1 where x > threshold, else 0`: its sum over a row is the row's L0, differentiable by the same estimate (equation 12):
 * `-1 / bandwidth` where x lies less than half a bandwidth from the threshold, and none to x.
 */
export function jumpStep(
  x: Tensor,
  threshold: Tensor1D,
  { bandwidth = defaultBandwidth }: JumpReLUOptions = {},
): Tensor {
  requireOperands('jumpStep', x, threshold, bandwidth);
  return runOp(jumpStepOp, { x, threshold }, { bandwidth }).y;
}

function requireOperands(op: string, x: Tensor, threshold: Tensor1D, bandwidth: number): void {
  requireRows(op, x);
  requireType(threshold.dtype === 'float32', op, 'threshold must be float32', threshold.dtype);
  const features = x.shape[x.rank - 1];
  const isFitting = threshold.rank === 1 && threshold.shape[0] === features;
  requireRange(isFitting, op, `threshold must be [${features}] (the last axis of x)`, threshold.shape);
  requireRange(bandwidth > 0, op, 'bandwidth must be above 0', bandwidth);
}
