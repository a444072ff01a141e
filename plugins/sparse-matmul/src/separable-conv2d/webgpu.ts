import type { WebgpuKernel } from '@tfjs-sparse/core';
import { depthwiseConv2DWebgpu } from '../depthwise-conv2d/webgpu.js';
import { patternMatMulWebgpu } from '../matmul/webgpu.js';
import type { SeparableConv2D } from './attributes.js';

export const separableConv2DWebgpu: WebgpuKernel<SeparableConv2D> = (
  { x, filter, filterBias, values, bias, residual },
  { depthwise, ...product },
  gpu,
) => {
  const { y: image } = depthwiseConv2DWebgpu({ x, filter, bias: filterBias }, depthwise, gpu);
  const [batch, height, width, channels] = image.shape;
  const pixels = { ...image, shape: [batch * height * width, channels] };
  const { y } = patternMatMulWebgpu({ x: pixels, values, bias, residual }, product, gpu);
  gpu.dispose(image);
  return { y: { ...y, shape: [batch, height, width, y.shape[1]] } };
};
