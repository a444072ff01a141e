import type { CpuKernel } from '@tfjs-sparse/core';
import { pairsOf } from '../map-convolution/cpu.js';
import type { MapDepthwiseAttrs } from './op.js';

export const mapDepthwise: CpuKernel<'x' | 'filter' | 'bias', MapDepthwiseAttrs> = ({ x, filter, bias }, { map }) => {
  const channels = x.shape[1];
  const y = new Float64Array(map.outSites * channels);
  for (let offset = 0; offset < map.offsetCount; offset++) {
    for (const [inSite, outSite] of pairsOf(map, offset)) {
      for (let channel = 0; channel < channels; channel++) {
        y[outSite * channels + channel] +=
          x.values[inSite * channels + channel] * filter.values[offset * channels + channel];
      }
    }
  }
  const values = Float32Array.from(y, (sum, i) => sum + (bias ? bias.values[i % channels] : 0));
  return { shape: [map.outSites, channels], values };
};

export const mapDepthwiseFilterGradient: CpuKernel<'x' | 'dy', MapDepthwiseAttrs> = ({ x, dy }, { map }) => {
  const channels = x.shape[1];
  const dFilter = new Float64Array(map.offsetCount * channels);
  for (let offset = 0; offset < map.offsetCount; offset++) {
    for (const [inSite, outSite] of pairsOf(map, offset)) {
      for (let channel = 0; channel < channels; channel++) {
        dFilter[offset * channels + channel] +=
          x.values[inSite * channels + channel] * dy.values[outSite * channels + channel];
      }
    }
  }
  return { shape: [map.offsetCount, channels], values: Float32Array.from(dFilter) };
};
