import type { ImageGeometry } from '../image-geometry.js';

/**
 * The gradient of a dense convolution for its filter: for every place of the filter, the sum over output pixels of the
 * input pixel at that place, transposed, times dy. Of x `[batch, inHeight, inWidth, inChannels]` and dy
 * `[batch, outHeight, outWidth, outChannels]`, dFilter is `[filterHeight, filterWidth, inChannels, outChannels]`.
 */
export interface ConvFilterGradient {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { dFilter: 'float32' };
  attrs: { readonly geometry: ImageGeometry };
}
