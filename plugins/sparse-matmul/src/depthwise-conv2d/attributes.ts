import type { FusedActivation } from '@tfjs-sparse/core';
import type { ImageGeometry } from '../image-geometry.js';

export interface DepthwiseConv2D {
  inputs: { x: 'float32'; filter: 'float32'; bias?: 'float32'; residual?: 'float32' };
  outputs: { y: 'float32' };
  attrs: {
    readonly geometry: ImageGeometry;
    readonly activation: FusedActivation;
  };
}
