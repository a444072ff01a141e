import type { Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { maxRelativeOp } from './definition.js';

export interface MaxRelativeOptions {
  /** Distance of neighbours in pixels; default 2, MobileViG's. */
  readonly step?: number;
}

/**
 * The greatest difference of each pixel to its neighbours in a sparse graph, at least 0, channel by channel: those at multiples
 * of the step in its column and in its row, around the border (the aggregation of sparse vision graph attention, MobileViG,
 * Munir et al. 2023, section 3.2). The gradient goes to the pixel and its first of equally different neighbours; where nothing
 * is above 0 there is none (torch shares ties of 0).
 *
 * @param x float32 `[batches, height, width, channels]`
 * @returns float32 like x
 * @throws RangeError where x has another rank or step is no integer of at least 1; TypeError for other than float32
 */
export function maxRelative(x: Tensor4D, { step = 2 }: MaxRelativeOptions = {}): Tensor4D {
  requireImages(op, x);
  requireRange(Number.isInteger(step) && step >= 1, op, 'step must be an integer of at least 1', step);
  const { y, nearest } = runOp(maxRelativeOp, { x }, { step });
  nearest.dispose();
  return y as Tensor4D;
}

const op = 'maxRelative';

/** @throws RangeError or TypeError, in the name of `op` */
export function requireImages(op: string, x: Tensor4D): void {
  requireType(x.dtype === 'float32', op, 'x must be float32', x.dtype);
  requireRange(x.rank === 4, op, 'x must be [batches, height, width, channels]', x.shape);
}
