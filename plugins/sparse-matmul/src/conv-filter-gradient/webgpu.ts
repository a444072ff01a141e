import { util } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '@tfjs-sparse/core';
import { geometryData, geometryUniforms } from '../image-geometry.js';
import type { ConvFilterGradientAttrs } from './op.js';

export const convFilterGradientWebgpu: WebgpuKernel<'x' | 'dy', ConvFilterGradientAttrs> = (
  { x, dy },
  { geometry },
  gpu,
) => {
  const inChannels = x.shape[3];
  const outChannels = dy.shape[3];
  const outputShape = [geometry.filterHeight, geometry.filterWidth, inChannels, outChannels];
  if (util.sizeFromShape(dy.shape) === 0 || util.sizeFromShape(x.shape) === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
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
        for (var row = 0; row < uniforms.outHeight; row++) {
          let inRow = row * uniforms.strideHeight + firstRow;
          if (inRow < 0 || inRow >= uniforms.inHeight) { continue; }
          let outPixels = (image * uniforms.outHeight + row) * uniforms.outWidth;
          let inPixels = (image * uniforms.inHeight + inRow) * uniforms.inWidth;
          for (var column = 0; column < uniforms.outWidth; column++) {
            let inColumn = column * uniforms.strideWidth + firstColumn;
            if (inColumn < 0 || inColumn >= uniforms.inWidth) { continue; }
            sum += x[(inPixels + inColumn) * uniforms.inChannels + inChannel]
              * dy[(outPixels + column) * uniforms.outChannels + outChannel];
          }
        }
      }
      result[index] = sum;
    }`;
  const program = {
    key: 'sparseConvFilterGradient',
    outputShape,
    inputNames: ['x', 'dy'],
    uniforms: `inChannels : i32, outChannels : i32, ${geometryUniforms}`,
    code,
  };
  return gpu.run(
    program,
    [x, dy],
    [{ type: 'int32', data: [inChannels] }, { type: 'int32', data: [outChannels] }, ...geometryData(geometry)],
  );
};
