import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { NormalizeAttrs } from './definitions.js';
import { blockCount, blockSizes, blockUniforms, runOnBlocks } from './webgpu-blocks.js';

export const moments: WebgpuKernel<'x', object> = ({ x }, _attrs, gpu) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return gpu.zeros([2, channels]);
  const ofBlocks = runOnBlocks(gpu, 'siteMomentsOfBlocks', ofBlocksCode, { x });
  const code = /* wgsl */ `
    // One thread per channel: merges the blocks in order (Chan, Golub and LeVeque 1983, equation 2.1). The mean is kept
    // relative to that of the first block, so that a large mean does not cost its precision.
    fn main(channel : i32) {
      if (channel >= uniforms.channels) { return; }
      let squaresStart = uniforms.blocks * uniforms.channels;
      let shift = ofBlocks[channel];
      var mean = 0.0;
      var squares = 0.0;
      for (var block = 0; block < uniforms.blocks; block++) {
        let index = block * uniforms.channels + channel;
        let sitesBefore = f32(block * uniforms.blockSites);
        let blockSites = f32(min(uniforms.blockSites, uniforms.sites - block * uniforms.blockSites));
        let share = blockSites / (sitesBefore + blockSites);
        let difference = ofBlocks[index] - shift - mean;
        mean += difference * share;
        squares += ofBlocks[squaresStart + index] + difference * difference * sitesBefore * share;
      }
      result[channel] = shift + mean;
      result[uniforms.channels + channel] = squares / f32(uniforms.sites);
    }`;
  const result = gpu.run(
    { key: 'siteMoments', outputShape: [2, channels], inputNames: ['ofBlocks'], uniforms: blockUniforms, code },
    [ofBlocks],
    blockSizes(sites, channels),
  );
  gpu.dispose(ofBlocks);
  return result;
};

const ofBlocksCode = /* wgsl */ `
  // One thread per channel of one block of sites: the block's mean and sum of squared deviations from it.
  fn main(index : i32) {
    let squaresStart = uniforms.blocks * uniforms.channels;
    if (index >= squaresStart) { return; }
    let channel = index % uniforms.channels;
    let firstSite = index / uniforms.channels * uniforms.blockSites;
    let endSite = min(firstSite + uniforms.blockSites, uniforms.sites);
    let shift = x[firstSite * uniforms.channels + channel];
    var sum = 0.0;
    for (var site = firstSite; site < endSite; site++) { sum += x[site * uniforms.channels + channel] - shift; }
    let mean = shift + sum / f32(endSite - firstSite);
    var squares = 0.0;
    for (var site = firstSite; site < endSite; site++) {
      let deviation = x[site * uniforms.channels + channel] - mean;
      squares += deviation * deviation;
    }
    result[index] = mean;
    result[squaresStart + index] = squares;
  }`;

export const normalize: WebgpuKernel<'x' | 'moments' | 'scale' | 'offset', NormalizeAttrs> = (
  { x, moments, scale, offset },
  { epsilon },
  gpu,
) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return gpu.zeros(x.shape);
  const code = /* wgsl */ `
    // One thread per channel of one site.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let inverseDeviation = inverseSqrt(moments[uniforms.channels + channel] + uniforms.epsilon);
      result[index] = (x[index] - moments[channel]) * inverseDeviation * scale[channel] + offset[channel];
    }`;
  const inputNames = ['x', 'moments', 'scale', 'offset'];
  return gpu.run(
    { key: 'siteNormalize', outputShape: x.shape, inputNames, uniforms: 'channels : i32, epsilon : f32,', code },
    [x, moments, scale, offset],
    [
      { type: 'int32', data: [channels] },
      { type: 'float32', data: [epsilon] },
    ],
  );
};

export const normalizeSums: WebgpuKernel<'dy' | 'x' | 'moments', NormalizeAttrs> = (
  { dy, x, moments },
  { epsilon },
  gpu,
) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return gpu.zeros([2, channels]);
  const ofBlocks = runOnBlocks(gpu, 'siteNormalizeSumsOfBlocks', sumsOfBlocksCode, { x, dy, moments });
  const code = /* wgsl */ `
    // One thread per channel: sums the blocks in order.
    fn main(channel : i32) {
      if (channel >= uniforms.channels) { return; }
      let productsStart = uniforms.blocks * uniforms.channels;
      var sum = 0.0;
      var product = 0.0;
      for (var block = 0; block < uniforms.blocks; block++) {
        let index = block * uniforms.channels + channel;
        sum += ofBlocks[index];
        product += ofBlocks[productsStart + index];
      }
      let inverseDeviation = inverseSqrt(moments[uniforms.channels + channel] + uniforms.epsilon);
      result[channel] = sum;
      result[uniforms.channels + channel] = product * inverseDeviation;
    }`;
  const uniforms = 'channels : i32, blocks : i32, epsilon : f32,';
  const inputNames = ['ofBlocks', 'moments'];
  const result = gpu.run(
    { key: 'siteNormalizeSums', outputShape: [2, channels], inputNames, uniforms, code },
    [ofBlocks, moments],
    [
      { type: 'int32', data: [channels] },
      { type: 'int32', data: [blockCount(sites)] },
      { type: 'float32', data: [epsilon] },
    ],
  );
  gpu.dispose(ofBlocks);
  return result;
};

const sumsOfBlocksCode = /* wgsl */ `
  // One thread per channel of one block of sites: the block's sums of dy and of dy * (x - mean).
  fn main(index : i32) {
    let productsStart = uniforms.blocks * uniforms.channels;
    if (index >= productsStart) { return; }
    let channel = index % uniforms.channels;
    let firstSite = index / uniforms.channels * uniforms.blockSites;
    let endSite = min(firstSite + uniforms.blockSites, uniforms.sites);
    let mean = moments[channel];
    var sum = 0.0;
    var product = 0.0;
    for (var site = firstSite; site < endSite; site++) {
      let value = site * uniforms.channels + channel;
      sum += dy[value];
      product += dy[value] * (x[value] - mean);
    }
    result[index] = sum;
    result[productsStart + index] = product;
  }`;

export const batchNormGradient: WebgpuKernel<'dy' | 'x' | 'moments' | 'scale' | 'sums', NormalizeAttrs> = (
  { dy, x, moments, scale, sums },
  { epsilon },
  gpu,
) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return gpu.zeros(x.shape);
  const code = /* wgsl */ `
    // One thread per channel of one site.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let sites = f32(uniforms.size / uniforms.channels);
      let inverseDeviation = inverseSqrt(moments[uniforms.channels + channel] + uniforms.epsilon);
      let meanOfDy = sums[channel] / sites;
      let meanOfProduct = sums[uniforms.channels + channel] / sites;
      let normalized = (x[index] - moments[channel]) * inverseDeviation;
      result[index] = scale[channel] * inverseDeviation * (dy[index] - meanOfDy - normalized * meanOfProduct);
    }`;
  const inputNames = ['dy', 'x', 'moments', 'scale', 'sums'];
  const uniforms = 'channels : i32, epsilon : f32,';
  return gpu.run(
    { key: 'siteBatchNormGradient', outputShape: x.shape, inputNames, uniforms, code },
    [dy, x, moments, scale, sums],
    [
      { type: 'int32', data: [channels] },
      { type: 'float32', data: [epsilon] },
    ],
  );
};
