import type { FilterAttrs } from '../conv2d/attributes.js';

/** The gradient of `sparseConv2D` for its kept weights: those elements of the filter's gradient that the pattern keeps. */
export interface SampledConv2D {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { values: 'float32' };
  attrs: FilterAttrs;
}
