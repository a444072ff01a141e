import type { GraphNode } from '@tensorflow/tfjs-converter';
import { add, mul, moments, rsqrt, sub, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { layerNorm } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsLayerNorm';

/** Over the axis that the node names: by the op where it is the last one, which a graph does not say. */
export function execute({ inputs: [x, scale, offset], attrs }: GraphNode): Tensor {
  const { axis, epsilon } = attrs as { axis: number; epsilon: number };
  const isLast = axis === -1 || axis === x.rank - 1;
  if (isLast) return layerNorm(x, scale as Tensor1D, offset as Tensor1D, { epsilon });
  return tidy(() => {
    const { mean, variance } = moments(x, axis, true);
    return add(mul(mul(sub(x, mean), rsqrt(add(variance, epsilon))), scale), offset);
  });
}
