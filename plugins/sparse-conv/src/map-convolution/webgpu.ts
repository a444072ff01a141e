import { activationUniform, pairBlockSites, workgroupThreads, type WebgpuKernel } from '@tfjs-sparse/core';
import type { MapConvolution } from './attributes.js';
import { tileProductCode } from './tile-product.js';

/**
 * Sites of a workgroup's tile. An offset has pairs at 3 to 5 of 27 of a LiDAR scan's sites, and threads work on 16 pairs
 * at a time: of their products 65 to 74 % count with 128 sites, 50 to 58 % with 64. 128 need 22 kB of workgroup memory;
 * 16 kB is all that a device must have.
 */
const sitesIn = (workgroupBytes: number) => (workgroupBytes >= 24_576 ? 2 : 1) * pairBlockSites;

const blockChannels = 32; // output channels of a workgroup: 8 threads with 4 each

/** Product over the pair lists, tile by tile: every output element is summed in one workgroup, so no sum needs an atomic. */
export const mapConvolutionWebgpu: WebgpuKernel<MapConvolution> = (
  { x, filter, bias, residual },
  { map, isAdjoint, activation },
  gpu,
) => {
  const [offsets, rows, columns] = filter.shape;
  const [inChannels, outChannels] = isAdjoint ? [columns, rows] : [rows, columns];
  const outputShape = [map.outSites, outChannels];
  if (map.outSites === 0) return { y: gpu.zeros(outputShape) };
  const tileSites = sitesIn(gpu.workgroupBytes);
  const channelBlocks = Math.ceil(outChannels / blockChannels);
  const shape = {
    tileSites,
    chunkVectors: inChannels <= 4 ? 1 : 4, // only first layers have so few
    isVector: inChannels % 4 === 0 && outChannels % 4 === 0,
    isAdjoint,
    isHalf: gpu.extensions.includes('f16'),
    isBroadcast: gpu.extensions.includes('subgroups'),
  };
  const inputs = {
    x: map.inSites > 0 ? x : filter, // what is absent is never read, but no buffer may be empty
    filter_: filter,
    left: gpu.table(map.left),
    right: gpu.table(map.right),
    starts: gpu.table(map.pairStarts()),
    bias: bias ?? filter,
    residual: residual ?? filter,
  };
  const y = gpu.run({
    key: `sparseMapConvolution ${Object.values(shape).join(' ')}`,
    outputShape,
    inputs,
    vectors: shape.isVector ? ['x', 'result', 'bias', 'residual', ...(isAdjoint ? [] : ['filter_'])] : [],
    uniforms: {
      sites: map.outSites,
      offsets,
      identityOffset: map.identityOffset,
      inChannels,
      outChannels,
      hasBias: Number(bias !== undefined),
      hasResidual: Number(residual !== undefined),
      ...activationUniform(activation),
    },
    code: () => tileProductCode(shape),
    extensions: gpu.extensions,
    threads: Math.ceil(map.outSites / tileSites) * channelBlocks * workgroupThreads,
  });
  return { y };
};
