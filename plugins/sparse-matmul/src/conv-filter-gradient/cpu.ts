import type { CpuKernel } from '@tfjs-sparse/core';
import { windowPixels } from '../image-geometry.js';
import type { ConvFilterGradient } from './attributes.js';

export const convFilterGradientCpu: CpuKernel<ConvFilterGradient> = ({ x, dy }, { geometry }) => {
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
  const shape = [filterHeight, filterWidth, inChannels, outChannels];
  return { dFilter: { shape, values: Float32Array.from(dFilter) } };
};
