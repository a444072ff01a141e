import type { FusedActivation } from '@tfjs-sparse/core';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';

export interface PatternMatMul {
  inputs: { x: 'float32'; values: 'float32'; bias?: 'float32'; residual?: 'float32' };
  outputs: { y: 'float32' };
  attrs: {
    readonly pattern: SparsityPattern;
    readonly activation: FusedActivation;
  };
}
