import type { Tensor } from '@tensorflow/tfjs-core';
import type { CallCase } from './run-call.js';

/** Terms of a long sum: a float32 sum of so many equal terms, one after the other, is off by more than 0.1 %. */
export const longSumTerms = 200_003;

/**
 * Terms of a long sum that one thread of a webgpu kernel adds by itself: Mesa's software rasterizer ends a shader after
 * 65,535 turns of its loops.
 */
export const threadSumTerms = 50_000;

/** A term whose multiples float32 cannot hold. */
export const longSumTerm = 0.1;

/**
 * Every element of the result must be `right` to the relative error `within`, 1e-6 unless said; `right` is 0 for what
 * cancels, and `within` absolute.
 */
export function longSum(id: string, call: () => Tensor | Promise<Tensor>, right: number, within = 1e-6): CallCase {
  return {
    id,
    async call() {
      const sums = await call();
      const limit = within * (right === 0 ? 1 : Math.abs(right));
      const values = await sums.data();
      const wrong = values.findIndex((value) => !(Math.abs(value - right) <= limit));
      if (wrong < 0 && values.length > 0) return;
      throw new RangeError(`${id}: sums must be ${right} to ${limit}, got ${values[wrong]}`);
    },
    error: null,
  };
}
