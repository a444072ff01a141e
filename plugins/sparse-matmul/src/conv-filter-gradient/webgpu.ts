import { util } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { ConvFilterGradient } from './attributes.js';

export const convFilterGradientWebgpu: WebgpuKernel<ConvFilterGradient> = ({ x, dy }, { geometry }, gpu) => {
  const inChannels = x.shape[3];
  const outChannels = dy.shape[3];
  const outputShape = [geometry.filterHeight, geometry.filterWidth, inChannels, outChannels];
  const isEmpty = util.sizeFromShape(dy.shape) === 0 || util.sizeFromShape(x.shape) === 0;
  if (isEmpty) return { dFilter: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per weight: the sum over all output pixels.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let outChannel = index % uniforms.outChannels;
      let inChannel = index / uniforms.outChannels % uniforms.inChannels;
      let place = index / (uniforms.outChannels * uniforms.inChannels);
      let firstRow = place / uniforms.filterWidth - uniforms.padTop;
      let firstColumn = place % uniforms.filterWidth - uniforms.padLeft;
      var sum = 0.0;
      for (var image = 0; image < uniforms.batch; image++) {
        var imageSum = 0.0;
        for (var row = 0; row < uniforms.outHeight; row++) {
          let inRow = row * uniforms.strideHeight + firstRow;
          if (inRow < 0 || inRow >= uniforms.inHeight) { continue; }
          let outPixels = (image * uniforms.outHeight + row) * uniforms.outWidth;
          let inPixels = (image * uniforms.inHeight + inRow) * uniforms.inWidth;
          var rowSum = 0.0; // sums of sums: float32 loses less so
          for (var column = 0; column < uniforms.outWidth; column++) {
            let inColumn = column * uniforms.strideWidth + firstColumn;
            if (inColumn < 0 || inColumn >= uniforms.inWidth) { continue; }
            rowSum += x[(inPixels + inColumn) * uniforms.inChannels + inChannel]
              * dy[(outPixels + column) * uniforms.outChannels + outChannel];
          }
          imageSum += rowSum;
        }
        sum += imageSum;
      }
      result[index] = sum;
    }`;
  const uniforms = { inChannels, outChannels, ...geometry };
  return { dFilter: gpu.run({ key: 'sparseConvFilterGradient', outputShape, inputs: { x, dy }, uniforms, code }) };
};
