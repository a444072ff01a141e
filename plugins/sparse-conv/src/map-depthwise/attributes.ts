import type { FusedActivation, KernelMap } from '@tfjs-sparse/core';

interface MapAttrs {
  readonly map: KernelMap;
}

export interface MapDepthwise {
  inputs: { x: 'float32'; filter: 'float32'; bias?: 'float32'; residual?: 'float32' };
  outputs: { y: 'float32' };
  attrs: MapAttrs & { readonly activation: FusedActivation };
}

export interface MapDepthwiseFilterGradient {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { dFilter: 'float32' };
  attrs: MapAttrs;
}
