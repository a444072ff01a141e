import type { CpuKernel } from '@tfjs-sparse/core';
import { windowPixels } from '../image-geometry.js';
import type { DepthwiseFilterGradient, DepthwiseInputGradient } from './attributes.js';

export const inputGradient: CpuKernel<DepthwiseInputGradient> = ({ dy, filter }, { geometry }) => {
  const { batch, inHeight, inWidth } = geometry;
  const channels = dy.shape[3];
  const dx = new Float64Array(batch * inHeight * inWidth * channels);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let channel = 0; channel < channels; channel++) {
      dx[inPixel * channels + channel] +=
        dy.values[outPixel * channels + channel] * filter.values[place * channels + channel];
    }
  }
  return { dx: { shape: [batch, inHeight, inWidth, channels], values: Float32Array.from(dx) } };
};

export const filterGradient: CpuKernel<DepthwiseFilterGradient> = ({ x, dy }, { geometry }) => {
  const { filterHeight, filterWidth } = geometry;
  const channels = x.shape[3];
  const dFilter = new Float64Array(filterHeight * filterWidth * channels);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let channel = 0; channel < channels; channel++) {
      dFilter[place * channels + channel] +=
        x.values[inPixel * channels + channel] * dy.values[outPixel * channels + channel];
    }
  }
  return { dFilter: { shape: [filterHeight, filterWidth, channels, 1], values: Float32Array.from(dFilter) } };
};
