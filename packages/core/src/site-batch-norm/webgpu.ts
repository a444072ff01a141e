import type { TensorInfo } from '@tensorflow/tfjs-core';
import { rowBlocks } from '../dense/row-blocks.js';
import { f32, type WebgpuKernel, type WebgpuScope } from '../op/webgpu-kernel.js';
import type {
  SiteBatchNorm,
  SiteBatchNormGradient,
  SiteMoments,
  SiteNormalize,
  SiteNormalizeSums,
} from './attributes.js';

export const moments: WebgpuKernel<SiteMoments> = ({ x }, _attrs, gpu) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return { mean: gpu.zeros([channels]), variance: gpu.zeros([channels]) };
  const ofBlocks = runOnBlocks(gpu, 'siteMomentsOfBlocks', ofBlocksCode, { x });
  const uniforms = { channels, ...rowBlocks(sites) };
  const merge = (key: string, value: string) => {
    const code = () => mergeCode(value);
    return gpu.run({ key, outputShape: [channels], inputs: { ofBlocks }, uniforms, code });
  };
  const mean = merge('siteMean', 'shift + mean');
  const variance = merge('siteVariance', 'squares / f32(uniforms.rows)');
  gpu.dispose(ofBlocks);
  return { mean, variance };
};

const mergeCode = (value: string) => /* wgsl */ `
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
      let sitesBefore = f32(block * uniforms.blockRows);
      let blockSites = f32(min(uniforms.blockRows, uniforms.rows - block * uniforms.blockRows));
      let share = blockSites / (sitesBefore + blockSites);
      let difference = ofBlocks[index] - shift - mean;
      mean += difference * share;
      squares += ofBlocks[squaresStart + index] + difference * difference * sitesBefore * share;
    }
    result[channel] = ${value};
  }`;

const ofBlocksCode = /* wgsl */ `
  // One thread per channel of one block of sites: the block's mean and sum of squared deviations from it.
  fn main(index : i32) {
    let squaresStart = uniforms.blocks * uniforms.channels;
    if (index >= squaresStart) { return; }
    let channel = index % uniforms.channels;
    let firstSite = index / uniforms.channels * uniforms.blockRows;
    let endSite = min(firstSite + uniforms.blockRows, uniforms.rows);
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

export const normalize: WebgpuKernel<SiteNormalize> = ({ x, mean, variance, scale, offset }, { epsilon }, gpu) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return { y: gpu.zeros(x.shape) };
  const code = () => /* wgsl */ `
    // One thread per channel of one site.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let inverseDeviation = inverseSqrt(variance[channel] + uniforms.epsilon);
      result[index] = (x[index] - mean[channel]) * inverseDeviation * scale[channel] + offset[channel];
    }`;
  const inputs = { x, mean, variance, scale, offset };
  const uniforms = { channels, epsilon: f32(epsilon) };
  return { y: gpu.run({ key: 'siteNormalize', outputShape: x.shape, inputs, uniforms, code }) };
};

export const batchNorm: WebgpuKernel<SiteBatchNorm> = ({ x, scale, offset }, attrs, gpu) => {
  const { mean, variance } = moments({ x }, {}, gpu);
  return { ...normalize({ x, mean, variance, scale, offset }, attrs, gpu), mean, variance };
};

export const normalizeSums: WebgpuKernel<SiteNormalizeSums> = ({ dy, x, mean, variance }, { epsilon }, gpu) => {
  const [sites, channels] = x.shape;
  if (sites * channels === 0) return { sums: gpu.zeros([channels]), products: gpu.zeros([channels]) };
  const ofBlocks = runOnBlocks(gpu, 'siteNormalizeSumsOfBlocks', sumsOfBlocksCode, { x, dy, mean });
  const uniforms = { channels, ...rowBlocks(sites), epsilon: f32(epsilon) };
  const program = { outputShape: [channels], uniforms };
  const sums = gpu.run({ ...program, key: 'siteSums', inputs: { ofBlocks }, code: () => foldCode('0', '1.0') });
  const inverse = 'inverseSqrt(variance[channel] + uniforms.epsilon)';
  const code = () => foldCode('uniforms.blocks * uniforms.channels', inverse);
  const products = gpu.run({ ...program, key: 'siteProducts', inputs: { ofBlocks, variance }, code });
  gpu.dispose(ofBlocks);
  return { sums, products };
};

const foldCode = (start: string, factor: string) => /* wgsl */ `
  // One thread per channel: sums the blocks in order.
  fn main(channel : i32) {
    if (channel >= uniforms.channels) { return; }
    let start = ${start};
    var sum = 0.0;
    for (var first = 0; first < uniforms.blocks; first += 32) { // sums of sums: float32 loses less so
      var part = 0.0;
      for (var block = first; block < min(first + 32, uniforms.blocks); block++) {
        part += ofBlocks[start + block * uniforms.channels + channel];
      }
      sum += part;
    }
    result[channel] = sum * ${factor};
  }`;

const sumsOfBlocksCode = /* wgsl */ `
  // One thread per channel of one block of sites: the block's sums of dy and of dy * (x - mean).
  fn main(index : i32) {
    let productsStart = uniforms.blocks * uniforms.channels;
    if (index >= productsStart) { return; }
    let channel = index % uniforms.channels;
    let firstSite = index / uniforms.channels * uniforms.blockRows;
    let endSite = min(firstSite + uniforms.blockRows, uniforms.rows);
    let mean = mean[channel];
    var sum = 0.0;
    var product = 0.0;
    for (var first = firstSite; first < endSite; first += 32) { // sums of sums: float32 loses less so
      var partSum = 0.0;
      var partProduct = 0.0;
      for (var site = first; site < min(first + 32, endSite); site++) {
        let value = site * uniforms.channels + channel;
        partSum += dy[value];
        partProduct += dy[value] * (x[value] - mean);
      }
      sum += partSum;
      product += partProduct;
    }
    result[index] = sum;
    result[productsStart + index] = product;
  }`;

export const batchNormGradient: WebgpuKernel<SiteBatchNormGradient> = (inputs, { epsilon }, gpu) => {
  const { shape } = inputs.x;
  const [sites, channels] = shape;
  if (sites * channels === 0) return { dx: gpu.zeros(shape) };
  const code = () => /* wgsl */ `
    // One thread per channel of one site.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let sites = f32(uniforms.size / uniforms.channels);
      let inverseDeviation = inverseSqrt(variance[channel] + uniforms.epsilon);
      let meanOfDy = sums[channel] / sites;
      let meanOfProduct = products[channel] / sites;
      let normalized = (x[index] - mean[channel]) * inverseDeviation;
      result[index] = scale[channel] * inverseDeviation * (dy[index] - meanOfDy - normalized * meanOfProduct);
    }`;
  const { dy, x, mean, variance, scale, sums, products } = inputs;
  const named = { dy, x, mean, variance, scale, sums, products };
  const uniforms = { channels, epsilon: f32(epsilon) };
  return { dx: gpu.run({ key: 'siteBatchNormGradient', outputShape: shape, inputs: named, uniforms, code }) };
};

/** Runs `code` with one thread per channel of each block of the sites of `x`; its result is `[2, blocks, channels]`. */
function runOnBlocks(
  gpu: WebgpuScope,
  key: string,
  code: string,
  inputs: Readonly<Record<'x', TensorInfo>> & Readonly<Record<string, TensorInfo>>,
): TensorInfo {
  const [sites, channels] = inputs.x.shape;
  const uniforms = { channels, ...rowBlocks(sites) };
  const { blocks } = uniforms;
  const program = { key, outputShape: [2, blocks, channels], inputs, uniforms, code: () => code };
  return gpu.run({ ...program, threads: blocks * channels });
}
