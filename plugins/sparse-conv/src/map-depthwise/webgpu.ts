import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { MapDepthwiseAttrs } from './op.js';

export const mapDepthwise: WebgpuKernel<'x' | 'filter' | 'bias', MapDepthwiseAttrs> = (
  { x, filter, bias },
  { map },
  gpu,
) => {
  const channels = x.shape[1];
  const outputShape = [map.outSites, channels];
  if (map.outSites === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per channel of one output site; neighbouring threads read neighbouring channels.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let site = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var sum = ${bias ? 'bias[channel]' : '0.0'};
      for (var offset = 0; offset < uniforms.offsets; offset++) {
        let neighbour = neighbours[site * uniforms.offsets + offset];
        if (neighbour < 0) { continue; }
        sum += x[neighbour * uniforms.channels + channel] * filter_[offset * uniforms.channels + channel];
      }
      result[index] = sum;
    }`;
  const program = {
    key: `sparseMapDepthwise ${bias ? 'bias' : ''}`,
    outputShape,
    inputNames: ['x', 'filter_', 'neighbours', ...(bias ? ['bias'] : [])],
    uniforms: 'offsets : i32, channels : i32,',
    code,
  };
  const inputRows = map.inSites > 0 ? x : filter; // then never read, but no buffer may be empty
  return gpu.run(
    program,
    [inputRows, filter, gpu.table(map.neighbourTable()), ...(bias ? [bias] : [])],
    [
      { type: 'int32', data: [map.offsetCount] },
      { type: 'int32', data: [channels] },
    ],
  );
};

const blockSites = 512; // enough threads for 27 offsets of few channels, and few partial sums

/** Sums of blocks of sites first, then over the blocks, both in order: the same bits every run. */
export const mapDepthwiseFilterGradient: WebgpuKernel<'x' | 'dy', MapDepthwiseAttrs> = ({ x, dy }, { map }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [map.offsetCount, channels];
  if (map.inSites === 0 || map.outSites === 0) return gpu.zeros(outputShape);
  const blocks = Math.ceil(map.outSites / blockSites);
  const blockCode = /* wgsl */ `
    // One thread per channel of one offset and block of output sites.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let offset = (index / uniforms.channels) % uniforms.offsets;
      let first = index / (uniforms.channels * uniforms.offsets) * ${blockSites};
      let end = min(first + ${blockSites}, uniforms.sites);
      var sum = 0.0;
      for (var site = first; site < end; site++) {
        let neighbour = neighbours[site * uniforms.offsets + offset];
        if (neighbour < 0) { continue; }
        sum += x[neighbour * uniforms.channels + channel] * dy[site * uniforms.channels + channel];
      }
      result[index] = sum;
    }`;
  const partial = gpu.run(
    {
      key: 'sparseMapDepthwiseFilterGradient blocks',
      outputShape: [blocks, ...outputShape],
      inputNames: ['x', 'dy', 'neighbours'],
      uniforms: 'sites : i32, offsets : i32, channels : i32,',
      code: blockCode,
    },
    [x, dy, gpu.table(map.neighbourTable())],
    [
      { type: 'int32', data: [map.outSites] },
      { type: 'int32', data: [map.offsetCount] },
      { type: 'int32', data: [channels] },
    ],
  );
  const code = /* wgsl */ `
    // One thread per element of the filter.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      var sum = 0.0;
      for (var block = 0; block < uniforms.blocks; block++) { sum += partial_[block * uniforms.size + index]; }
      result[index] = sum;
    }`;
  const dFilter = gpu.run(
    {
      key: 'sparseMapDepthwiseFilterGradient',
      outputShape,
      inputNames: ['partial_'],
      uniforms: 'blocks : i32,',
      code,
    },
    [partial],
    [{ type: 'int32', data: [blocks] }],
  );
  gpu.dispose(partial);
  return dFilter;
};
