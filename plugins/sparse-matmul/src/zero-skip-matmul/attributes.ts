import type { FusedActivation } from '@tfjs-sparse/core';

export interface ZeroSkipMatMul {
  inputs: { x: 'float32'; weights: 'float32'; bias?: 'float32'; residual?: 'float32' };
  outputs: { y: 'float32' };
  attrs: { readonly activation: FusedActivation };
}
