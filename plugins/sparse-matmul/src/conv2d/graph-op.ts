import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { imageGeometry, paddingOf, type NodePadding } from '../image-geometry.js';
import { runWithEpilogue, sparseOperands, type SparseNodeAttributes } from '../matmul/graph-operands.js';
import { sparseConv2D } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseConv2D';

type Attributes = SparseNodeAttributes &
  NodePadding & {
    readonly kernelSize: [height: number, width: number];
    readonly strides: [height: number, width: number];
    readonly dilations: [height: number, width: number];
  };

export function execute({ inputs: [x, ...weights], attrs }: GraphNode): Tensor {
  const attributes = attrs as Attributes;
  const { kernelSize, strides, dilations } = attributes;
  const { values, pattern, epilogue } = sparseOperands(weights, attributes);
  const padding = paddingOf(attributes);
  const shapeOf = () => {
    const windows = imageGeometry(x.shape, kernelSize, strides, padding, undefined, dilations);
    return [windows.batch, windows.outHeight, windows.outWidth, pattern.outFeatures];
  };
  return runWithEpilogue<Tensor4D>(epilogue, shapeOf, (options) =>
    sparseConv2D(x as Tensor4D, values, pattern, { ...options, kernelSize, strides, dilations, padding }),
  );
}
