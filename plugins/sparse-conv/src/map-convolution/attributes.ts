import type { FusedActivation, KernelMap } from '@tfjs-sparse/core';

export interface MapProductAttrs {
  readonly map: KernelMap;
  /** Multiplies by the transpose of each offset's matrix, as the gradient for the input does. */
  readonly isAdjoint: boolean;
}

export interface MapConvolution {
  inputs: { x: 'float32'; filter: 'float32'; bias?: 'float32'; residual?: 'float32' };
  outputs: { y: 'float32' };
  attrs: MapProductAttrs & { readonly activation: FusedActivation };
}

export interface MapFilterGradient {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { dFilter: 'float32' };
  attrs: { readonly map: KernelMap };
}
