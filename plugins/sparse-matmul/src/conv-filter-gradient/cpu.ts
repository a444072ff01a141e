import type { CpuKernel } from '@tfjs-sparse/core';
import { windowPixels } from '../image-geometry.js';
import type { ConvFilterGradientAttrs } from './op.js';

export const convFilterGradientCpu: CpuKernel<'x' | 'dy', ConvFilterGradientAttrs> = ({ x, dy }, { geometry }) => {
  const inChannels = x.shape[3];
  const outChannels = dy.shape[3];
  const { filterHeight, filterWidth } = geometry;
  const dFilter = new Float64Array(filterHeight * filterWidth * inChannels * outChannels);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let i = 0; i < inChannels; i++) {
      for (let o = 0; o < outChannels; o++) {
        dFilter[(place * inChannels + i) * outChannels + o] +=
          x.values[inPixel * inChannels + i] * dy.values[outPixel * outChannels + o];
      }
    }
  }
  return { shape: [filterHeight, filterWidth, inChannels, outChannels], values: Float32Array.from(dFilter) };
};
