import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { runWithEpilogue, sparseOperands, type SparseNodeAttributes } from '../matmul/graph-operands.js';
import { sparseConv1x1 } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseConv1x1';

type Attributes = SparseNodeAttributes & { readonly strides: [height: number, width: number] };

export function execute({ inputs: [x, ...weights], attrs }: GraphNode): Tensor {
  const attributes = attrs as Attributes;
  const { strides } = attributes;
  const { values, pattern, epilogue } = sparseOperands(weights, attributes);
  const shapeOf = () => {
    const [batch, height, width] = x.shape;
    return [batch, Math.ceil(height / strides[0]), Math.ceil(width / strides[1]), pattern.outFeatures];
  };
  return runWithEpilogue<Tensor4D>(epilogue, shapeOf, (options) =>
    sparseConv1x1(x as Tensor4D, values, pattern, { ...options, strides }),
  );
}
