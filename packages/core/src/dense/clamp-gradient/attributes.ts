import type { FusedActivation } from '../epilogue.js';

export interface ClampGradient {
  inputs: { dy: 'float32'; y: 'float32' };
  outputs: { dx: 'float32' };
  attrs: { readonly activation: FusedActivation };
}
