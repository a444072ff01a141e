import { clamp, limitsOf, type CpuKernel } from '@tfjs-sparse/core';
import { windowPixels } from '../image-geometry.js';
import { channelsOfGroup, type PatternConv2D } from './attributes.js';

export const patternConv2DCpu: CpuKernel<PatternConv2D> = ({ x, values, bias, residual }, attrs) => {
  const { geometry, groups, pattern, activation } = attrs;
  const { batch, outHeight, outWidth } = geometry;
  const { outFeatures, blockOutputs, starts, columns } = pattern;
  const inChannels = x.shape[3];
  const groupInChannels = channelsOfGroup(attrs);
  const groupOutChannels = outFeatures / groups;
  const limits = limitsOf(activation);
  const sums = new Float64Array(batch * outHeight * outWidth * outFeatures);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let output = 0; output < outFeatures; output++) {
      const blockRow = Math.floor(output / blockOutputs);
      const firstChannel = Math.floor(output / groupOutChannels) * groupInChannels;
      for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
        if (Math.floor(columns[block] / groupInChannels) !== place) continue;
        const channel = firstChannel + (columns[block] % groupInChannels);
        const weight = values.values[block * blockOutputs + (output % blockOutputs)];
        sums[outPixel * outFeatures + output] += x.values[inPixel * inChannels + channel] * weight;
      }
    }
  }
  const y = Float32Array.from(sums, (sum, i) => {
    const biased = sum + (bias ? bias.values[i % outFeatures] : 0);
    return clamp(biased + (residual ? residual.values[i] : 0), limits);
  });
  return { y: { shape: [batch, outHeight, outWidth, outFeatures], values: y } };
};
