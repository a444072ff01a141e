import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { DepthwiseNodeAttributes } from '../depthwise-conv2d/graph-op.js';
import { imageGeometry, paddingOf } from '../image-geometry.js';
import { runWithEpilogue, sparseOperands, type SparseNodeAttributes } from '../matmul/graph-operands.js';
import { sparseSeparableConv2D } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseSeparableConv2D';

/** Inputs: those of the depthwise convolution, then those of the product behind its x. */
export function execute({ inputs, attrs }: GraphNode): Tensor {
  const attributes = attrs as SparseNodeAttributes & DepthwiseNodeAttributes;
  const { hasFilterBias, filterActivation, filterStrides } = attributes;
  const [x, filter, filterBias] = inputs as [Tensor4D, Tensor4D, Tensor1D];
  const { values, pattern, epilogue } = sparseOperands(inputs.slice(hasFilterBias ? 3 : 2), attributes);
  const padding = paddingOf(attributes);
  const shapeOf = () => {
    const windows = imageGeometry(x.shape, filter.shape, filterStrides, padding);
    return [windows.batch, windows.outHeight, windows.outWidth, pattern.outFeatures];
  };
  return runWithEpilogue<Tensor4D>(epilogue, shapeOf, (options) =>
    sparseSeparableConv2D(x, filter, values, pattern, {
      ...options,
      filterBias: hasFilterBias ? filterBias : undefined,
      filterActivation,
      strides: filterStrides,
      padding,
    }),
  );
}
