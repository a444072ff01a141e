import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GpuUniform, WebgpuScope } from '@tfjs-sparse/core';

/** WGSL members for sums over blocks of sites. */
export const blockUniforms = 'sites : i32, channels : i32, blockSites : i32, blocks : i32,';

/** Blocks of sqrt(sites) sites: as many in a block as there are blocks, the shortest chain of two steps. */
function blockSize(sites: number): number {
  return Math.ceil(Math.sqrt(sites));
}

export function blockCount(sites: number): number {
  return Math.ceil(sites / blockSize(sites));
}

/** The values of `blockUniforms`. */
export function blockSizes(sites: number, channels: number): GpuUniform[] {
  return [sites, channels, blockSize(sites), blockCount(sites)].map((size) => ({ type: 'int32', data: [size] }));
}

/** Runs `code` with one thread per channel of each block of the sites of `x`; its result is `[2, blocks, channels]`. */
export function runOnBlocks(gpu: WebgpuScope, key: string, code: string, inputs: Readonly<Record<string, TensorInfo>>) {
  const [sites, channels] = inputs.x.shape;
  const blocks = blockCount(sites);
  return gpu.run(
    {
      key,
      outputShape: [2, blocks, channels],
      inputNames: Object.keys(inputs),
      uniforms: blockUniforms,
      code,
      threads: blocks * channels,
    },
    Object.values(inputs),
    blockSizes(sites, channels),
  );
}
