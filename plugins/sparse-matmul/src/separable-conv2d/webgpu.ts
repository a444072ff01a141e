import type { WebgpuKernel } from '@tfjs-sparse/core';
import { depthwiseConv2DWebgpu } from '../depthwise-conv2d/webgpu.js';
import { patternMatMulWebgpu } from '../matmul/webgpu.js';
import type { SeparableConv2DAttrs, SeparableInput } from './op.js';

export const separableConv2DWebgpu: WebgpuKernel<SeparableInput, SeparableConv2DAttrs> = (
  { x, filter, filterBias, values, bias },
  { depthwise, ...product },
  gpu,
) => {
  const image = depthwiseConv2DWebgpu({ x, filter, bias: filterBias }, depthwise, gpu);
  const [batch, height, width, channels] = image.shape;
  const pixels = { ...image, shape: [batch * height * width, channels] };
  const y = patternMatMulWebgpu({ x: pixels, values, bias }, product, gpu);
  gpu.dispose(image);
  return { ...y, shape: [batch, height, width, y.shape[1]] };
};
