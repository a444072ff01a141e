import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { GeluApproximation } from './attributes.js';
import { gelu } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsGelu';

export function execute({ inputs: [x], attrs }: GraphNode): Tensor {
  const { approximation } = attrs as { approximation: GeluApproximation };
  return gelu(x, { approximation });
}
