import type { CpuKernel } from '@tfjs-sparse/core';
import { channelsOfGroup } from '../conv2d/attributes.js';
import { windowPixels } from '../image-geometry.js';
import type { SampledConv2D } from './attributes.js';

export const sampledConv2DCpu: CpuKernel<SampledConv2D> = ({ x, dy }, attrs) => {
  const { geometry, groups, pattern } = attrs;
  const { outFeatures, blockOutputs, starts, columns } = pattern;
  const inChannels = x.shape[3];
  const groupInChannels = channelsOfGroup(attrs);
  const groupOutChannels = outFeatures / groups;
  const sums = new Float64Array(columns.length * blockOutputs);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let output = 0; output < outFeatures; output++) {
      const blockRow = Math.floor(output / blockOutputs);
      const firstChannel = Math.floor(output / groupOutChannels) * groupInChannels;
      for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
        if (Math.floor(columns[block] / groupInChannels) !== place) continue;
        const channel = firstChannel + (columns[block] % groupInChannels);
        sums[block * blockOutputs + (output % blockOutputs)] +=
          x.values[inPixel * inChannels + channel] * dy.values[outPixel * outFeatures + output];
      }
    }
  }
  return { values: { shape: [columns.length, blockOutputs], values: Float32Array.from(sums) } };
};
