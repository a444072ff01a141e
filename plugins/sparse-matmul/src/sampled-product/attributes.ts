import type { SparsityPattern } from '../pattern/sparsity-pattern.js';

export interface SampledProduct {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { values: 'float32' };
  attrs: { readonly pattern: SparsityPattern };
}
