import type { WebgpuKernel } from '@tfjs-sparse/core';
import { blockCount, blockSizes, blockUniforms } from '../site-batch-norm/webgpu-blocks.js';

export const siteSumsWebgpu: WebgpuKernel<'x', object> = ({ x }, _attrs, gpu) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return gpu.zeros([channels]);
  const uniforms = blockSizes(sites, channels);
  const ofBlocks = gpu.run(
    {
      key: 'siteSumsOfBlocks',
      outputShape: [blockCount(sites), channels],
      inputNames: ['x'],
      uniforms: blockUniforms,
      code: ofBlocksCode,
    },
    [x],
    uniforms,
  );
  const sums = gpu.run(
    { key: 'siteSums', outputShape: [channels], inputNames: ['ofBlocks'], uniforms: blockUniforms, code: sumsCode },
    [ofBlocks],
    uniforms,
  );
  gpu.dispose(ofBlocks);
  return sums;
};

const ofBlocksCode = /* wgsl */ `
  // One thread per channel of one block of sites.
  fn main(index : i32) {
    if (index >= uniforms.size) { return; }
    let channel = index % uniforms.channels;
    let firstSite = index / uniforms.channels * uniforms.blockSites;
    let endSite = min(firstSite + uniforms.blockSites, uniforms.sites);
    var sum = 0.0;
    for (var site = firstSite; site < endSite; site++) { sum += x[site * uniforms.channels + channel]; }
    result[index] = sum;
  }`;

const sumsCode = /* wgsl */ `
  // One thread per channel: adds the blocks in order.
  fn main(channel : i32) {
    if (channel >= uniforms.size) { return; }
    var sum = 0.0;
    for (var block = 0; block < uniforms.blocks; block++) { sum += ofBlocks[block * uniforms.channels + channel]; }
    result[channel] = sum;
  }`;
