import { util } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '@tfjs-sparse/core';
import { geometryData, geometryUniforms } from '../image-geometry.js';
import type { DepthwiseConv2DAttrs, DepthwiseInput } from './op.js';

const outputs = {
  linear: 'sum',
  relu: 'select(sum, 0.0, sum < 0.0)',
  relu6: 'select(select(sum, 0.0, sum < 0.0), 6.0, sum > 6.0)',
};

export const depthwiseConv2DWebgpu: WebgpuKernel<DepthwiseInput, DepthwiseConv2DAttrs> = (
  { x, filter, bias },
  { geometry, activation },
  gpu,
) => {
  const { batch, outHeight, outWidth } = geometry;
  const channels = x.shape[3];
  const outputShape = [batch, outHeight, outWidth, channels];
  if (util.sizeFromShape(outputShape) === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per output element; neighbouring threads read neighbouring channels.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let pixel = index / uniforms.channels;
      let firstColumn = pixel % uniforms.outWidth * uniforms.strideWidth - uniforms.padLeft;
      let firstRow = pixel / uniforms.outWidth % uniforms.outHeight * uniforms.strideHeight - uniforms.padTop;
      let image = pixel / (uniforms.outWidth * uniforms.outHeight);
      var sum = ${bias ? 'bias[channel]' : '0.0'};
      for (var filterRow = 0; filterRow < uniforms.filterHeight; filterRow++) {
        let row = firstRow + filterRow;
        if (row < 0 || row >= uniforms.inHeight) { continue; }
        let inPixels = (image * uniforms.inHeight + row) * uniforms.inWidth;
        for (var filterColumn = 0; filterColumn < uniforms.filterWidth; filterColumn++) {
          let column = firstColumn + filterColumn;
          if (column < 0 || column >= uniforms.inWidth) { continue; }
          let place = filterRow * uniforms.filterWidth + filterColumn;
          sum += x[(inPixels + column) * uniforms.channels + channel] * filter_[place * uniforms.channels + channel];
        }
      }
      result[index] = ${outputs[activation]};
    }`;
  const program = {
    key: `sparseDepthwiseConv2D ${activation} ${bias ? 'bias' : ''}`,
    outputShape,
    inputNames: ['x', 'filter_', ...(bias ? ['bias'] : [])],
    uniforms: `channels : i32, ${geometryUniforms}`,
    code,
  };
  return gpu.run(
    program,
    [x, filter, ...(bias ? [bias] : [])],
    [{ type: 'int32', data: [channels] }, ...geometryData(geometry)],
  );
};
