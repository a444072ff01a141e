import type { FusedActivation } from '@tfjs-sparse/core';
import type { DepthwiseConv2D } from '../depthwise-conv2d/attributes.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';

export interface SeparableConv2D {
  /** `filterBias` is the depthwise convolution's, `bias` and `residual` are the product's. */
  inputs: {
    x: 'float32';
    filter: 'float32';
    filterBias: 'float32';
    values: 'float32';
    bias?: 'float32';
    residual?: 'float32';
  };
  outputs: { y: 'float32' };
  attrs: {
    readonly depthwise: DepthwiseConv2D['attrs'];
    readonly pattern: SparsityPattern;
    readonly activation: FusedActivation;
  };
}
