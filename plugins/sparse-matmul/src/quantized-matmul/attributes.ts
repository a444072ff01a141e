import type { FusedActivation } from '@tfjs-sparse/core';
import type { QuantizedWeights } from './quantized-weights.js';

export interface QuantizedMatMul {
  inputs: { x: 'float32'; scales: 'float32'; zeros: 'float32'; bias?: 'float32'; residual?: 'float32' };
  outputs: { y: 'float32' };
  attrs: {
    readonly weights: QuantizedWeights;
    readonly activation: FusedActivation;
  };
}

/** dy times the transposed weights. */
export interface QuantizedInputGradient {
  inputs: { dy: 'float32'; scales: 'float32'; zeros: 'float32' };
  outputs: { dx: 'float32' };
  attrs: { readonly weights: QuantizedWeights };
}

/** Of x^T * dy the sums over each kept group `[groups]`, weighted by its codes and not. */
export interface QuantizedGroupProducts {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { weighted: 'float32'; plain: 'float32' };
  attrs: { readonly weights: QuantizedWeights };
}
