import { util } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '@tfjs-sparse/core';
import { epilogueCode } from '../epilogue-code.js';
import type { DepthwiseConv2D } from './attributes.js';

export const depthwiseConv2DWebgpu: WebgpuKernel<DepthwiseConv2D> = (inputs, { geometry, activation }, gpu) => {
  const { x, filter } = inputs;
  const channels = x.shape[3];
  const outputShape = [geometry.batch, geometry.outHeight, geometry.outWidth, channels];
  if (util.sizeFromShape(outputShape) === 0) return { y: gpu.zeros(outputShape) };
  const epilogue = epilogueCode(inputs, activation);
  const code = () => /* wgsl */ `
    ${epilogue.code()}
    // One thread per output element; neighbouring threads read neighbouring channels.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let pixel = index / uniforms.channels;
      let firstColumn = pixel % uniforms.outWidth * uniforms.strideWidth - uniforms.padLeft;
      let firstRow = pixel / uniforms.outWidth % uniforms.outHeight * uniforms.strideHeight - uniforms.padTop;
      let image = pixel / (uniforms.outWidth * uniforms.outHeight);
      var sum = 0.0;
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
      result[index] = finished(sum, channel, index);
    }`;
  const program = {
    key: `sparseDepthwiseConv2D${epilogue.key}`,
    outputShape,
    inputs: { x, filter_: filter, ...epilogue.inputs },
    uniforms: { channels, ...geometry, ...epilogue.uniforms },
    code,
  };
  return { y: gpu.run(program) };
};
