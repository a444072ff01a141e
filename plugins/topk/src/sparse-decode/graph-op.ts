import type { GraphNode } from '@tensorflow/tfjs-converter';
import { reshape, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { sparseDecode } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseDecode';

/** The product of k-sparse rows with a matrix, as `MatMul` gives it: `[rows, width]`. */
export function execute({ inputs: [values, indices, dictionary, bias] }: GraphNode): Tensor {
  return tidy(() => {
    const made = sparseDecode({ values, indices }, dictionary as Tensor2D, bias ? { bias: bias as Tensor1D } : {});
    return reshape(made, [-1, dictionary.shape[1]!]);
  });
}
