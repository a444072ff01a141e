import { pairBlockSites, workgroupThreads, type WebgpuKernel } from '@tfjs-sparse/core';
import type { FusedMapConvolutionAttrs, MapConvolutionAttrs, MapConvolutionInput } from './op.js';
import { tileProductCode } from './tile-product.js';

export const mapConvolutionTables = ({ map }: MapConvolutionAttrs): readonly Int32Array[] => [
  map.left,
  map.right,
  map.pairStarts(),
];

/**
 * Sites of a workgroup's tile. An offset has pairs at 3 to 5 of 27 of a LiDAR scan's sites, and threads work on 16 pairs
 * at a time: of their products 65 to 74 % count with 128 sites, 50 to 58 % with 64. 128 need 22 kB of workgroup memory;
 * 16 kB is all that a device must have.
 */
const sitesIn = (workgroupBytes: number) => (workgroupBytes >= 24_576 ? 2 : 1) * pairBlockSites;

const blockChannels = 32; // output channels of a workgroup: 8 threads with 4 each

/** Product over the pair lists, tile by tile: every output element is summed in one workgroup, so no sum needs an atomic. */
export const mapConvolutionWebgpu: WebgpuKernel<MapConvolutionInput, FusedMapConvolutionAttrs> = (
  { x, filter, bias, residual },
  { map, isAdjoint, isRectified },
  gpu,
) => {
  const [offsets, rows, columns] = filter.shape;
  const [inChannels, outChannels] = isAdjoint ? [columns, rows] : [rows, columns];
  const outputShape = [map.outSites, outChannels];
  if (map.outSites === 0) return gpu.zeros(outputShape);
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
  const program = {
    key: `sparseMapConvolution ${Object.values(shape).join(' ')}`,
    outputShape,
    inputNames: ['x', 'filter_', 'left', 'right', 'starts', 'bias', 'residual'],
    vectors: shape.isVector ? ['x', 'result', 'bias', 'residual', ...(isAdjoint ? [] : ['filter_'])] : [],
    uniforms:
      'sites : i32, offsets : i32, identityOffset : i32, inChannels : i32, outChannels : i32, ' +
      'hasBias : i32, hasResidual : i32, isRectified : i32,',
    code: tileProductCode(shape),
    extensions: gpu.extensions,
    threads: Math.ceil(map.outSites / tileSites) * channelBlocks * workgroupThreads,
  };
  const inputs = [
    map.inSites > 0 ? x : filter, // what is absent is never read, but no buffer may be empty
    filter,
    gpu.table(map.left),
    gpu.table(map.right),
    gpu.table(map.pairStarts()),
    bias ?? filter,
    residual ?? filter,
  ];
  const numbers = [map.outSites, offsets, map.identityOffset, inChannels, outChannels];
  const claims = [bias !== undefined, residual !== undefined, isRectified];
  return gpu.run(
    program,
    inputs,
    [...numbers, ...claims].map((value) => ({ type: 'int32', data: [Number(value)] })),
  );
};
