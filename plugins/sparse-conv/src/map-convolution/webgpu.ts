import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { FusedMapConvolutionAttrs, MapConvolutionAttrs, MapConvolutionInput } from './op.js';

export const mapConvolutionTables = ({ map }: MapConvolutionAttrs): readonly Int32Array[] => [map.neighbourTable()];

/** Implicit product over the neighbour table: every output site gathers its own inputs, so no sum needs an atomic. */
export const mapConvolutionWebgpu: WebgpuKernel<MapConvolutionInput, FusedMapConvolutionAttrs> = (
  { x, filter, bias, residual },
  { map, isAdjoint, isRectified },
  gpu,
) => {
  const [offsets, rows, columns] = filter.shape;
  const [inChannels, outChannels] = isAdjoint ? [columns, rows] : [rows, columns];
  const outputShape = [map.outSites, outChannels];
  if (map.outSites === 0) return gpu.zeros(outputShape);
  const weight = isAdjoint
    ? 'outChannel * uniforms.inChannels + inChannel'
    : 'inChannel * uniforms.outChannels + outChannel';
  const code = /* wgsl */ `
    // One thread per output channel of one site.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let site = index / uniforms.outChannels;
      let outChannel = index % uniforms.outChannels;
      var sum = ${bias ? 'bias[outChannel]' : '0.0'};
      for (var offset = 0; offset < uniforms.offsets; offset++) {
        let neighbour = neighbours[site * uniforms.offsets + offset];
        if (neighbour < 0) { continue; }
        let matrix = offset * uniforms.inChannels * uniforms.outChannels;
        for (var inChannel = 0; inChannel < uniforms.inChannels; inChannel++) {
          sum += x[neighbour * uniforms.inChannels + inChannel] * filter_[matrix + ${weight}];
        }
      }
      ${residual ? 'sum += residual[index];' : ''}
      result[index] = ${isRectified ? 'select(sum, 0.0, sum < 0.0)' : 'sum'};
    }`;
  const program = {
    key: `sparseMapConvolution ${isAdjoint ? 'adjoint' : ''} ${bias ? 'bias' : ''} ${residual ? 'residual' : ''} ${isRectified ? 'rectified' : ''}`,
    outputShape,
    inputNames: ['x', 'filter_', 'neighbours', ...(bias ? ['bias'] : []), ...(residual ? ['residual'] : [])],
    uniforms: 'offsets : i32, inChannels : i32, outChannels : i32,',
    code,
  };
  const inputRows = map.inSites > 0 ? x : filter; // then never read, but no buffer may be empty
  const inputs = [
    inputRows,
    filter,
    gpu.table(map.neighbourTable()),
    ...(bias ? [bias] : []),
    ...(residual ? [residual] : []),
  ];
  return gpu.run(program, inputs, [
    { type: 'int32', data: [offsets] },
    { type: 'int32', data: [inChannels] },
    { type: 'int32', data: [outChannels] },
  ]);
};
