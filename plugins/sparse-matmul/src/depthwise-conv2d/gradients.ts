import { util, type Tensor } from '@tensorflow/tfjs-core';
import { runOp, type CpuKernel, type OpDefinition, type WasmKernel, type WebgpuKernel } from '@tfjs-sparse/core';
import {
  geometryData,
  geometryNumbers,
  geometryUniforms,
  windowPixels,
  type ImageGeometry,
} from '../image-geometry.js';
import * as binaries from '../wasm-binaries.js';

export interface DepthwiseGradientAttrs {
  readonly geometry: ImageGeometry;
}

const inputGradientCpu: CpuKernel<'dy' | 'filter', DepthwiseGradientAttrs> = ({ dy, filter }, { geometry }) => {
  const { batch, inHeight, inWidth } = geometry;
  const channels = dy.shape[3];
  const dx = new Float64Array(batch * inHeight * inWidth * channels);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let channel = 0; channel < channels; channel++) {
      dx[inPixel * channels + channel] +=
        dy.values[outPixel * channels + channel] * filter.values[place * channels + channel];
    }
  }
  return { shape: [batch, inHeight, inWidth, channels], values: Float32Array.from(dx) };
};

const inputGradientWasm: WasmKernel<'dy' | 'filter', DepthwiseGradientAttrs> = ({ dy, filter }, { geometry }, wasm) => {
  const { batch, inHeight, inWidth } = geometry;
  const channels = dy.shape[3];
  const dx = wasm.output([batch, inHeight, inWidth, channels]);
  const numbers = [dy.pointer, filter.pointer, dx.pointer, channels, ...geometryNumbers(geometry)];
  wasm.parallel(binaries, 'depthwiseInputGradient', batch, numbers);
  return dx;
};

const inputGradientWebgpu: WebgpuKernel<'dy' | 'filter', DepthwiseGradientAttrs> = (
  { dy, filter },
  { geometry },
  gpu,
) => {
  const { batch, inHeight, inWidth } = geometry;
  const channels = dy.shape[3];
  const outputShape = [batch, inHeight, inWidth, channels];
  if (util.sizeFromShape(dy.shape) === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
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
  const program = {
    key: 'sparseDepthwiseConv2DInputGradient',
    outputShape,
    inputNames: ['dy', 'filter_'],
    uniforms: `channels : i32, ${geometryUniforms}`,
    code,
  };
  return gpu.run(program, [dy, filter], [{ type: 'int32', data: [channels] }, ...geometryData(geometry)]);
};

const filterGradientCpu: CpuKernel<'x' | 'dy', DepthwiseGradientAttrs> = ({ x, dy }, { geometry }) => {
  const { filterHeight, filterWidth } = geometry;
  const channels = x.shape[3];
  const dFilter = new Float64Array(filterHeight * filterWidth * channels);
  for (const { outPixel, inPixel, place } of windowPixels(geometry)) {
    for (let channel = 0; channel < channels; channel++) {
      dFilter[place * channels + channel] +=
        x.values[inPixel * channels + channel] * dy.values[outPixel * channels + channel];
    }
  }
  return { shape: [filterHeight, filterWidth, channels, 1], values: Float32Array.from(dFilter) };
};

const filterGradientWasm: WasmKernel<'x' | 'dy', DepthwiseGradientAttrs> = ({ x, dy }, { geometry }, wasm) => {
  const { batch, filterHeight, filterWidth } = geometry;
  const channels = x.shape[3];
  const dFilter = wasm.output([filterHeight, filterWidth, channels, 1]);
  const numbers = [x.pointer, dy.pointer, dFilter.pointer, batch, channels, ...geometryNumbers(geometry)];
  wasm.parallel(binaries, 'depthwiseFilterGradient', filterHeight, numbers);
  return dFilter;
};

const filterGradientWebgpu: WebgpuKernel<'x' | 'dy', DepthwiseGradientAttrs> = ({ x, dy }, { geometry }, gpu) => {
  const { batch, filterHeight, filterWidth } = geometry;
  const channels = x.shape[3];
  const outputShape = [filterHeight, filterWidth, channels, 1];
  if (util.sizeFromShape(x.shape) === 0 || util.sizeFromShape(dy.shape) === 0) return gpu.zeros(outputShape);
  const imageCode = /* wgsl */ `
    // One thread per weight and image; the images are summed after.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let place = index / uniforms.channels % (uniforms.filterHeight * uniforms.filterWidth);
      let image = index / (uniforms.channels * uniforms.filterHeight * uniforms.filterWidth);
      let firstRow = place / uniforms.filterWidth - uniforms.padTop;
      let firstColumn = place % uniforms.filterWidth - uniforms.padLeft;
      var sum = 0.0;
      for (var row = 0; row < uniforms.outHeight; row++) {
        let inRow = row * uniforms.strideHeight + firstRow;
        if (inRow < 0 || inRow >= uniforms.inHeight) { continue; }
        let outPixels = (image * uniforms.outHeight + row) * uniforms.outWidth;
        let inPixels = (image * uniforms.inHeight + inRow) * uniforms.inWidth;
        for (var column = 0; column < uniforms.outWidth; column++) {
          let inColumn = column * uniforms.strideWidth + firstColumn;
          if (inColumn < 0 || inColumn >= uniforms.inWidth) { continue; }
          sum += x[(inPixels + inColumn) * uniforms.channels + channel] * dy[(outPixels + column) * uniforms.channels + channel];
        }
      }
      result[index] = sum;
    }`;
  const uniforms = [{ type: 'int32' as const, data: [channels] }, ...geometryData(geometry)];
  const partial = gpu.run(
    {
      key: 'sparseDepthwiseConv2DFilterGradient images',
      outputShape: [batch, ...outputShape],
      inputNames: ['x', 'dy'],
      uniforms: `channels : i32, ${geometryUniforms}`,
      code: imageCode,
    },
    [x, dy],
    uniforms,
  );
  const code = /* wgsl */ `
    // One thread per weight.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      var sum = 0.0;
      for (var image = 0; image < uniforms.batch; image++) { sum += partial_[image * uniforms.size + index]; }
      result[index] = sum;
    }`;
  const program = {
    key: 'sparseDepthwiseConv2DFilterGradient',
    outputShape,
    inputNames: ['partial_'],
    uniforms: 'batch : i32,',
    code,
  };
  const dFilter = gpu.run(program, [partial], [{ type: 'int32', data: [batch] }]);
  gpu.dispose(partial);
  return dFilter;
};

/**
 * The gradient of a depthwise convolution for its input. Inputs: dy `[batch, outHeight, outWidth, channels]`, filter
 * `[filterHeight, filterWidth, channels, 1]`; output `[batch, inHeight, inWidth, channels]`.
 */
export const depthwiseInputGradientOp: OpDefinition<'dy' | 'filter', DepthwiseGradientAttrs> = {
  name: 'SparseDepthwiseConv2DInputGradient',
  kernels: { cpu: inputGradientCpu, wasm: inputGradientWasm, webgpu: inputGradientWebgpu },
};

/**
 * The gradient of a depthwise convolution for its filter. Inputs: x `[batch, inHeight, inWidth, channels]`, dy
 * `[batch, outHeight, outWidth, channels]`; output `[filterHeight, filterWidth, channels, 1]`.
 */
export const depthwiseFilterGradientOp: OpDefinition<'x' | 'dy', DepthwiseGradientAttrs> = {
  name: 'SparseDepthwiseConv2DFilterGradient',
  kernels: { cpu: filterGradientCpu, wasm: filterGradientWasm, webgpu: filterGradientWebgpu },
};

/** `depthwiseInputGradientOp`. */
export function depthwiseInputGradient(dy: Tensor, filter: Tensor, geometry: ImageGeometry): Tensor {
  return runOp(depthwiseInputGradientOp, { dy, filter }, { geometry });
}

/** `depthwiseFilterGradientOp`. */
export function depthwiseFilterGradient(x: Tensor, dy: Tensor, geometry: ImageGeometry): Tensor {
  return runOp(depthwiseFilterGradientOp, { x, dy }, { geometry });
}
