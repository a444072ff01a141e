import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { MapFilterGradientAttrs } from './op.js';

export const mapFilterGradientTables = ({ map }: MapFilterGradientAttrs): readonly Int32Array[] => [
  map.neighbourTable(),
];

export const mapFilterGradientWebgpu: WebgpuKernel<'x' | 'dy', MapFilterGradientAttrs> = ({ x, dy }, { map }, gpu) => {
  const inChannels = x.shape[1];
  const outChannels = dy.shape[1];
  const outputShape = [map.offsetCount, inChannels, outChannels];
  if (map.inSites === 0 || map.outSites === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per element of the filter: sums over the sites in order, so that the result has the same bits every run.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let outChannel = index % uniforms.outChannels;
      let inChannel = (index / uniforms.outChannels) % uniforms.inChannels;
      let offset = index / (uniforms.outChannels * uniforms.inChannels);
      var sum = 0.0;
      for (var site = 0; site < uniforms.sites; site++) {
        let neighbour = neighbours[site * uniforms.offsets + offset];
        if (neighbour < 0) { continue; }
        sum += x[neighbour * uniforms.inChannels + inChannel] * dy[site * uniforms.outChannels + outChannel];
      }
      result[index] = sum;
    }`;
  const program = {
    key: 'sparseMapFilterGradient',
    outputShape,
    inputNames: ['x', 'dy', 'neighbours'],
    uniforms: 'sites : i32, offsets : i32, inChannels : i32, outChannels : i32,',
    code,
  };
  return gpu.run(
    program,
    [x, dy, gpu.table(map.neighbourTable())],
    [
      { type: 'int32', data: [map.outSites] },
      { type: 'int32', data: [map.offsetCount] },
      { type: 'int32', data: [inChannels] },
      { type: 'int32', data: [outChannels] },
    ],
  );
};
