import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';
import { kSparseToDense } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsKSparseToDense';

export function execute({ inputs: [values, indices], attrs }: GraphNode): Tensor {
  const { width } = attrs as { width: number };
  return kSparseToDense({ values, indices }, { width });
}
