import { greater, less, logicalAnd, mul, sum, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { FusedActivation } from './activation.js';

/** dy where the activation let the sums through; y is its output. */
export function unclamped(dy: Tensor, y: Tensor, activation: FusedActivation): Tensor {
  const isAbove = greater(y, 0);
  return mul(dy, activation === 'relu6' ? logicalAnd(isAbove, less(y, 6)) : isAbove);
}

/** `[outFeatures]`: what dy of the sums `[..., outFeatures]` adds up to. */
export function biasGradient(dySums: Tensor): Tensor {
  const [outFeatures] = dySums.shape.slice(-1);
  if (dySums.size === 0) return zeros([outFeatures]); // tfjs' sum of nothing is garbage on wasm and throws on webgpu
  return sum(
    dySums,
    dySums.shape.slice(0, -1).map((_, axis) => axis),
  );
}
