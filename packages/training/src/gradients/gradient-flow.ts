import { add, customGrad, mul, sub, zerosLike, type GradSaveFunc, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import type { ForwardWeight } from '../methods/sparsity-method.js';

/** What share of a pruned weight still counts after `step` steps, from 1 down to 0. */
export type MaskDecay = (step: number) => number;

/**
 * Progressive gradient flow (Bambhaniya et al. 2024): computes with `w * (mask + (1 - mask) * share)`, and all of w get
 * the gradient of that product as it is.
 */
export function gradientFlow(share: MaskDecay): ForwardWeight {
  return (weight, mask, step) => {
    const effective = customGrad((w, m, save) => {
      const [dense, kept] = [w as Tensor, m as Tensor];
      (save as GradSaveFunc)([kept]);
      return {
        value: mul(dense, add(kept, mul(sub(1, kept), share(step)))),
        gradFunc: (dy, [saved]) => [dy, zerosLike(saved)],
      };
    });
    return effective(weight, mask);
  };
}

/** `max(0, 1 - rate * step)`, 0 from step `end` on, where fine-tuning begins. */
export function linearDecay(rate: number, end = Infinity): MaskDecay {
  requireRange(rate > 0, 'linearDecay', 'rate must be above 0', rate);
  return (step) => (step >= end ? 0 : Math.max(0, 1 - rate * step));
}

/** `exp(-rate * step)`, 0 from step `end` on, where fine-tuning begins. */
export function exponentialDecay(rate: number, end = Infinity): MaskDecay {
  requireRange(rate > 0, 'exponentialDecay', 'rate must be above 0', rate);
  return (step) => (step >= end ? 0 : Math.exp(-rate * step));
}
