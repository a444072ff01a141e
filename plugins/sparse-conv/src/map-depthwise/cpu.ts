import { clamp, limitsOf, type CpuKernel } from '@tfjs-sparse/core';
import { pairsOf } from '../map-convolution/cpu.js';
import type { MapDepthwise, MapDepthwiseFilterGradient } from './attributes.js';

export const mapDepthwise: CpuKernel<MapDepthwise> = ({ x, filter, bias, residual }, { map, activation }) => {
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
  const limits = limitsOf(activation);
  const values = Float32Array.from(y, (sum, i) =>
    clamp(sum + (bias ? bias.values[i % channels] : 0) + (residual ? residual.values[i] : 0), limits),
  );
  return { y: { shape: [map.outSites, channels], values } };
};

export const mapDepthwiseFilterGradient: CpuKernel<MapDepthwiseFilterGradient> = ({ x, dy }, { map }) => {
  const channels = x.shape[1];
  const sums = new Float64Array(map.offsetCount * channels);
  for (let offset = 0; offset < map.offsetCount; offset++) {
    for (const [inSite, outSite] of pairsOf(map, offset)) {
      for (let channel = 0; channel < channels; channel++) {
        sums[offset * channels + channel] +=
          x.values[inSite * channels + channel] * dy.values[outSite * channels + channel];
      }
    }
  }
  return { dFilter: { shape: [map.offsetCount, channels], values: Float32Array.from(sums) } };
};
