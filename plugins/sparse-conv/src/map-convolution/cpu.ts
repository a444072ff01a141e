import { clamp, limitsOf, type CpuKernel, type KernelMap } from '@tfjs-sparse/core';
import type { MapConvolution } from './attributes.js';

export const mapConvolutionCpu: CpuKernel<MapConvolution> = (
  { x, filter, bias, residual },
  { map, isAdjoint, activation },
) => {
  const [, rows, columns] = filter.shape;
  const [inChannels, outChannels] = isAdjoint ? [columns, rows] : [rows, columns];
  const weight = (offset: number, input: number, output: number): number =>
    filter.values[offset * rows * columns + (isAdjoint ? output * columns + input : input * columns + output)];

  const y = new Float64Array(map.outSites * outChannels);
  for (let offset = 0; offset < map.offsetCount; offset++) {
    for (const [inSite, outSite] of pairsOf(map, offset)) {
      for (let output = 0; output < outChannels; output++) {
        for (let input = 0; input < inChannels; input++) {
          y[outSite * outChannels + output] += x.values[inSite * inChannels + input] * weight(offset, input, output);
        }
      }
    }
  }
  const limits = limitsOf(activation);
  const values = Float32Array.from(y, (sum, i) =>
    clamp(sum + (bias ? bias.values[i % outChannels] : 0) + (residual ? residual.values[i] : 0), limits),
  );
  return { y: { shape: [map.outSites, outChannels], values } };
};

/** The (input site, output site) pairs of one offset of a kernel map. */
export function* pairsOf(map: KernelMap, offset: number): Generator<[number, number]> {
  if (offset === map.identityOffset) {
    for (let site = 0; site < map.outSites; site++) yield [site, site];
  }
  const { start, count, swapped } = map.segments[offset];
  for (let pair = start; pair < start + count; pair++) {
    yield swapped ? [map.right[pair], map.left[pair]] : [map.left[pair], map.right[pair]];
  }
}
