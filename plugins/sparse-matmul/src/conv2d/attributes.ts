import type { FusedActivation } from '@tfjs-sparse/core';
import type { ImageGeometry } from '../image-geometry.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';

/** A filter with sparse weights and the windows that it meets. */
export interface FilterAttrs {
  readonly geometry: ImageGeometry;
  /** Of input and output channels that meet each other. */
  readonly groups: number;
  /** Inputs are `[filterHeight, filterWidth, inChannels / groups]`. */
  readonly pattern: SparsityPattern;
}

/** Input channels of a group. */
export function channelsOfGroup({ geometry, pattern }: FilterAttrs): number {
  return pattern.inFeatures / (geometry.filterHeight * geometry.filterWidth);
}

export interface PatternConv2D {
  inputs: { x: 'float32'; values: 'float32'; bias?: 'float32'; residual?: 'float32' };
  outputs: { y: 'float32' };
  attrs: FilterAttrs & { readonly activation: FusedActivation };
}
