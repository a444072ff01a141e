import type { CpuKernel } from '@tfjs-sparse/core';
import { windowPixels } from '../image-geometry.js';
import type { FusedActivation } from '../matmul/activation.js';
import type { DepthwiseConv2DAttrs, DepthwiseInput } from './op.js';

export const depthwiseConv2DCpu: CpuKernel<DepthwiseInput, DepthwiseConv2DAttrs> = (
  { x, filter, bias },
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
  const values = Float32Array.from(sums, (sum, i) =>
    activated(sum + (bias ? bias.values[i % channels] : 0), activation),
  );
  return { shape: [batch, outHeight, outWidth, channels], values };
};

function activated(value: number, activation: FusedActivation): number {
  if (activation === 'linear') return value;
  if (activation === 'relu6' && value > 6) return 6;
  return value < 0 ? 0 : value;
}
