import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';
import { sparseOperands, type SparseNodeAttributes } from '../matmul/graph-operands.js';
import { sparseMatMul } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseMatMul';

export function execute({ inputs: [x, ...weights], attrs }: GraphNode): Tensor {
  const attributes = attrs as SparseNodeAttributes;
  const { values, pattern, bias } = sparseOperands(weights, attributes);
  return sparseMatMul(x, values, pattern, { bias, activation: attributes.activation });
}
