import { util } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { DepthwiseFilterGradient, DepthwiseInputGradient } from './attributes.js';

export const inputGradient: WebgpuKernel<DepthwiseInputGradient> = ({ dy, filter }, { geometry }, gpu) => {
  const { batch, inHeight, inWidth } = geometry;
  const channels = dy.shape[3];
  const outputShape = [batch, inHeight, inWidth, channels];
  if (util.sizeFromShape(dy.shape) === 0) return { dx: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per input element: gathers from the output pixels whose windows hold it.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let pixel = index / uniforms.channels;
      let inColumn = pixel % uniforms.inWidth;
      let inRow = pixel / uniforms.inWidth % uniforms.inHeight;
      let image = pixel / (uniforms.inWidth * uniforms.inHeight);
      var sum = 0.0;
      for (var filterRow = 0; filterRow < uniforms.filterHeight; filterRow++) {
        let y = inRow + uniforms.padTop - filterRow;
        if (y < 0 || y % uniforms.strideHeight != 0 || y / uniforms.strideHeight >= uniforms.outHeight) { continue; }
        let outPixels = (image * uniforms.outHeight + y / uniforms.strideHeight) * uniforms.outWidth;
        for (var filterColumn = 0; filterColumn < uniforms.filterWidth; filterColumn++) {
          let x = inColumn + uniforms.padLeft - filterColumn;
          if (x < 0 || x % uniforms.strideWidth != 0 || x / uniforms.strideWidth >= uniforms.outWidth) { continue; }
          let place = filterRow * uniforms.filterWidth + filterColumn;
          sum += dy[(outPixels + x / uniforms.strideWidth) * uniforms.channels + channel]
            * filter_[place * uniforms.channels + channel];
        }
      }
      result[index] = sum;
    }`;
  const inputs = { dy, filter_: filter };
  const uniforms = { channels, ...geometry };
  return { dx: gpu.run({ key: 'sparseDepthwiseConv2DInputGradient', outputShape, inputs, uniforms, code }) };
};

export const filterGradient: WebgpuKernel<DepthwiseFilterGradient> = ({ x, dy }, { geometry }, gpu) => {
  const { batch, filterHeight, filterWidth } = geometry;
  const channels = x.shape[3];
  const outputShape = [filterHeight, filterWidth, channels, 1];
  const isEmpty = util.sizeFromShape(x.shape) === 0 || util.sizeFromShape(dy.shape) === 0;
  if (isEmpty) return { dFilter: gpu.zeros(outputShape) };
  const imageCode = () => /* wgsl */ `
    // One thread per weight and image; the images are summed after.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let place = index / uniforms.channels % (uniforms.filterHeight * uniforms.filterWidth);
      let image = index / (uniforms.channels * uniforms.filterHeight * uniforms.filterWidth);
      let firstRow = place / uniforms.filterWidth - uniforms.padTop;
      let firstColumn = place % uniforms.filterWidth - uniforms.padLeft;
      var sum = 0.0;
      for (var first = 0; first < uniforms.outHeight; first += 32) { // sums of sums: float32 loses less so
        var rowsSum = 0.0;
        for (var row = first; row < min(first + 32, uniforms.outHeight); row++) {
          let inRow = row * uniforms.strideHeight + firstRow;
          if (inRow < 0 || inRow >= uniforms.inHeight) { continue; }
          let outPixels = (image * uniforms.outHeight + row) * uniforms.outWidth;
          let inPixels = (image * uniforms.inHeight + inRow) * uniforms.inWidth;
          var rowSum = 0.0;
          for (var column = 0; column < uniforms.outWidth; column++) {
            let inColumn = column * uniforms.strideWidth + firstColumn;
            if (inColumn < 0 || inColumn >= uniforms.inWidth) { continue; }
            rowSum += x[(inPixels + inColumn) * uniforms.channels + channel]
              * dy[(outPixels + column) * uniforms.channels + channel];
          }
          rowsSum += rowSum;
        }
        sum += rowsSum;
      }
      result[index] = sum;
    }`;
  const partial = gpu.run({
    key: 'sparseDepthwiseConv2DFilterGradient images',
    outputShape: [batch, ...outputShape],
    inputs: { x, dy },
    uniforms: { channels, ...geometry },
    code: imageCode,
  });
  const code = () => /* wgsl */ `
    // One thread per weight.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      var sum = 0.0;
      for (var image = 0; image < uniforms.batch; image++) { sum += partial_[image * uniforms.size + index]; }
      result[index] = sum;
    }`;
  const dFilter = gpu.run({
    key: 'sparseDepthwiseConv2DFilterGradient',
    outputShape,
    inputs: { partial_: partial },
    uniforms: { batch },
    code,
  });
  gpu.dispose(partial);
  return { dFilter };
};
