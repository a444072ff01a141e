import type { CpuKernel } from '@tfjs-sparse/core';
import type { MapFilterGradient } from '../map-convolution/attributes.js';
import { pairsOf } from '../map-convolution/cpu.js';

export const mapFilterGradientCpu: CpuKernel<MapFilterGradient> = ({ x, dy }, { map }) => {
  const inChannels = x.shape[1];
  const outChannels = dy.shape[1];
  const sums = new Float64Array(map.offsetCount * inChannels * outChannels);
  for (let offset = 0; offset < map.offsetCount; offset++) {
    for (const [inSite, outSite] of pairsOf(map, offset)) {
      for (let input = 0; input < inChannels; input++) {
        for (let output = 0; output < outChannels; output++) {
          sums[(offset * inChannels + input) * outChannels + output] +=
            x.values[inSite * inChannels + input] * dy.values[outSite * outChannels + output];
        }
      }
    }
  }
  return { dFilter: { shape: [map.offsetCount, inChannels, outChannels], values: Float32Array.from(sums) } };
};
