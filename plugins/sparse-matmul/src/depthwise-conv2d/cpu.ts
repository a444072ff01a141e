import { clamp, limitsOf, type CpuKernel } from '@tfjs-sparse/core';
import { windowPixels } from '../image-geometry.js';
import type { DepthwiseConv2D } from './attributes.js';

export const depthwiseConv2DCpu: CpuKernel<DepthwiseConv2D> = (
  { x, filter, bias, residual },
  { geometry, activation },
) => {
  const { batch, outHeight, outWidth } = geometry;
  const channels = x.shape[3];
  const sums = new Float64Array(batch * outHeight * outWidth * channels);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let channel = 0; channel < channels; channel++) {
      sums[outPixel * channels + channel] +=
        x.values[inPixel * channels + channel] * filter.values[place * channels + channel];
    }
  }
  const limits = limitsOf(activation);
  const values = Float32Array.from(sums, (sum, i) => {
    const added = (bias ? bias.values[i % channels] : 0) + (residual ? residual.values[i] : 0);
    return clamp(sum + added, limits);
  });
  return { y: { shape: [batch, outHeight, outWidth, channels], values } };
};
