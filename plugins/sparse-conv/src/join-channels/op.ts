import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runOp } from '@tfjs-sparse/core';
import { joinChannelsOp } from './definition.js';

/**
 * The channels of two tensors side by side: tfjs' `concat` along axis 1, which moves rows by JavaScript on the wasm
 * backend (four to ten times slower, gradient included; bench minkunet).
 *
 * @param a `[rows, channels of a]`
 * @param b `[rows, channels of b]`
 * @returns `[rows, channels of a + channels of b]`
 */
export function joinChannels(a: Tensor2D, b: Tensor2D): Tensor2D {
  return runOp(joinChannelsOp, { a, b }, {}).y as Tensor2D;
}
