import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { sparseOperands, type SparseNodeAttributes } from '../matmul/graph-operands.js';
import { sparseConv1x1 } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseConv1x1';

type Attributes = SparseNodeAttributes & { readonly strides: [height: number, width: number] };

export function execute({ inputs: [x, ...weights], attrs }: GraphNode): Tensor {
  const attributes = attrs as Attributes;
  const { activation, strides } = attributes;
  const { values, pattern, bias } = sparseOperands(weights, attributes);
  return sparseConv1x1(x as Tensor4D, values, pattern, { bias, activation, strides });
}
