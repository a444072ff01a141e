import { activateCode, activationUniform, type WebgpuKernel } from '@tfjs-sparse/core';
import type { MapDepthwise, MapDepthwiseFilterGradient } from './attributes.js';

export const mapDepthwise: WebgpuKernel<MapDepthwise> = ({ x, filter, bias, residual }, { map, activation }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [map.outSites, channels];
  if (map.outSites === 0) return { y: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    ${activateCode('f32')}
    // One thread per channel of one output site; neighbouring threads read neighbouring channels.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let site = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var sum = ${bias ? 'bias[channel]' : '0.0'} + ${residual ? 'residual[index]' : '0.0'};
      for (var offset = 0; offset < uniforms.offsets; offset++) {
        let neighbour = neighbours[site * uniforms.offsets + offset];
        if (neighbour < 0) { continue; }
        sum += x[neighbour * uniforms.channels + channel] * filter_[offset * uniforms.channels + channel];
      }
      result[index] = activated(sum);
    }`;
  const inputs = {
    x: map.inSites > 0 ? x : filter, // then never read, but no buffer may be empty
    filter_: filter,
    neighbours: gpu.table(map.neighbourTable()),
    ...(bias && { bias }),
    ...(residual && { residual }),
  };
  const uniforms = { offsets: map.offsetCount, channels, ...activationUniform(activation) };
  const key = `sparseMapDepthwise ${bias ? 'bias' : ''} ${residual ? 'residual' : ''}`;
  return { y: gpu.run({ key, outputShape, inputs, uniforms, code }) };
};

const blockSites = 512; // enough threads for 27 offsets of few channels, and few partial sums
const shortSum = 32; // terms added one by one, of sites or of blocks; longer sums are sums of these, which loses fewer bits

/** Sums of blocks of sites first, then over the blocks, both in order: the same bits every run. */
export const mapDepthwiseFilterGradient: WebgpuKernel<MapDepthwiseFilterGradient> = ({ x, dy }, { map }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [map.offsetCount, channels];
  if (map.inSites === 0 || map.outSites === 0) return { dFilter: gpu.zeros(outputShape) };
  const blocks = Math.ceil(map.outSites / blockSites);
  const blockCode = () => /* wgsl */ `
    // One thread per channel of one offset and block of output sites.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let offset = (index / uniforms.channels) % uniforms.offsets;
      let first = index / (uniforms.channels * uniforms.offsets) * ${blockSites};
      let end = min(first + ${blockSites}, uniforms.sites);
      var sum = 0.0;
      for (var start = first; start < end; start += ${shortSum}) {
        var part = 0.0;
        for (var site = start; site < min(start + ${shortSum}, end); site++) {
          let neighbour = neighbours[site * uniforms.offsets + offset];
          if (neighbour < 0) { continue; }
          part += x[neighbour * uniforms.channels + channel] * dy[site * uniforms.channels + channel];
        }
        sum += part;
      }
      result[index] = sum;
    }`;
  const partial = gpu.run({
    key: 'sparseMapDepthwiseFilterGradient blocks',
    outputShape: [blocks, ...outputShape],
    inputs: { x, dy, neighbours: gpu.table(map.neighbourTable()) },
    uniforms: { sites: map.outSites, offsets: map.offsetCount, channels },
    code: blockCode,
  });
  const code = () => /* wgsl */ `
    // One thread per element of the filter.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      var sum = 0.0;
      for (var first = 0; first < uniforms.blocks; first += ${shortSum}) {
        var part = 0.0;
        for (var block = first; block < min(first + ${shortSum}, uniforms.blocks); block++) {
          part += partial_[block * uniforms.size + index];
        }
        sum += part;
      }
      result[index] = sum;
    }`;
  const inputs = { partial_: partial };
  const key = 'sparseMapDepthwiseFilterGradient';
  const dFilter = gpu.run({ key, outputShape, inputs, uniforms: { blocks }, code });
  gpu.dispose(partial);
  return { dFilter };
};
