import { add, customGrad, mul, sub, zerosLike, type GradSaveFunc, type Tensor } from '@tensorflow/tfjs-core';
import type { ForwardWeight } from '../methods/sparsity-method.js';

/** Decay of pruned weights in the published training recipe. */
const publishedDecay = 2e-4;

/**
 * Sparse-refined straight-through estimator (Zhou et al. 2021, NM-sparsity): computes with `w * mask`; all of w get the
 * gradient of `w * mask`, pruned ones also `decay * w`, which draws them towards 0.
 */
export function srSte({ decay = publishedDecay }: { readonly decay?: number } = {}): ForwardWeight {
  return (weight, mask) =>
    customGrad((w, m, save) => {
      (save as GradSaveFunc)([w as Tensor, m as Tensor]);
      return {
        value: mul(w as Tensor, m as Tensor),
        gradFunc: (dy, [dense, kept]) => [add(dy, mul(mul(sub(1, kept), dense), decay)), zerosLike(kept)],
      };
    })(weight, mask);
}
