import {
  add,
  clipByValue,
  customGrad,
  floor,
  greater,
  less,
  logicalAnd,
  sub,
  tidy,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { requireRange, requireReadable } from '@tfjs-sparse/core';

export const defaultLevels = 4; // as trained by E-3DSNN

/**
 * Integer spikes: `floor(clip(x, 0, levels) + 0.5)`, as many spikes as a neuron fires. The gradient is that of the clip:
 * 1 where 0 < x < levels, else 0. (I-LIF of E-3DSNN, Qiu et al. 2025; straight-through, Bengio et al. 2013.)
 *
 * @param levels  most spikes, an integer of at least 1; default 4
 */
export function integerSpikes<T extends Tensor>(x: T, levels = defaultLevels): T {
  requireLevels('integerSpikes', levels);
  requireReadable('integerSpikes', 'x', x);
  return tidy(() => {
    const isLinear = constant(() => logicalAnd(greater(x, 0), less(x, levels)));
    const linear = where(isLinear, x, 0);
    // Both terms are exact, so their sum is too.
    const rest = constant(() => sub(floor(add(clipByValue(x, 0, levels), 0.5)), linear));
    return add(linear, rest);
  });
}

export function requireLevels(op: string, levels: number): void {
  requireRange(Number.isInteger(levels) && levels >= 1, op, 'levels must be an integer >= 1', levels);
}

/** What is made inside customGrad without inputs carries no gradient. */
function constant(make: () => Tensor): Tensor {
  return customGrad(() => ({ value: make(), gradFunc: () => [] }))();
}
