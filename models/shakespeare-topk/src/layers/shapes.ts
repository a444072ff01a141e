import type { Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';

/** The size of the last axis of a layer's one input. */
export function lastOf(inputShape: Shape | Shape[]): number {
  const shape = inputShape as Shape;
  return shape[shape.length - 1]!;
}

export function onlyInput(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}
