import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { paddingOf, type NodePadding } from '../image-geometry.js';
import type { FusedActivation } from '@tfjs-sparse/core';
import { depthwiseConv2D } from './op.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsSparseDepthwiseConv2D';

/** Inputs are x, filter, and the bias where there is one. */
export type DepthwiseNodeAttributes = NodePadding & {
  readonly hasFilterBias: boolean;
  readonly filterActivation: FusedActivation;
  readonly filterStrides: [height: number, width: number];
};

export function execute({ inputs, attrs }: GraphNode): Tensor {
  const attributes = attrs as DepthwiseNodeAttributes;
  const [x, filter, bias] = inputs as [Tensor4D, Tensor4D, Tensor1D];
  return depthwiseConv2D(x, filter, {
    bias: attributes.hasFilterBias ? bias : undefined,
    activation: attributes.filterActivation,
    strides: attributes.filterStrides,
    padding: paddingOf(attributes),
  });
}
