import type { ImageGeometry } from '../image-geometry.js';

/**
 * The gradient of a depthwise convolution for its input: dy `[batch, outHeight, outWidth, channels]`, filter
 * `[filterHeight, filterWidth, channels, 1]`, dx `[batch, inHeight, inWidth, channels]`.
 */
export interface DepthwiseInputGradient {
  inputs: { dy: 'float32'; filter: 'float32' };
  outputs: { dx: 'float32' };
  attrs: { readonly geometry: ImageGeometry };
}

/** The gradient of a depthwise convolution for its filter: shapes as those of `DepthwiseInputGradient`. */
export interface DepthwiseFilterGradient {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { dFilter: 'float32' };
  attrs: { readonly geometry: ImageGeometry };
}
