import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';
import { runWithEpilogue, sparseOperands, type SparseNodeAttributes } from '../matmul/graph-operands.js';
import { productShape } from '../matmul/on-rows.js';
import { sparseMatMul } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseMatMul';

export function execute({ inputs: [x, ...weights], attrs }: GraphNode): Tensor {
  const attributes = attrs as SparseNodeAttributes;
  const { values, pattern, epilogue } = sparseOperands(weights, attributes);
  const shapeOf = () => productShape(x, pattern.outFeatures);
  return runWithEpilogue(epilogue, shapeOf, (options) => sparseMatMul(x, values, pattern, options));
}
