import type { CpuKernel } from '@tfjs-sparse/core';
import { depthwiseConv2DCpu } from '../depthwise-conv2d/cpu.js';
import { patternMatMulCpu } from '../matmul/cpu.js';
import type { SeparableConv2D } from './attributes.js';

export const separableConv2DCpu: CpuKernel<SeparableConv2D> = (
  { x, filter, filterBias, values, bias, residual },
  { depthwise, ...product },
) => {
  const { y: image } = depthwiseConv2DCpu({ x, filter, bias: filterBias }, depthwise);
  const [batch, height, width, channels] = image.shape;
  const pixels = { shape: [batch * height * width, channels], values: image.values };
  const { y } = patternMatMulCpu({ x: pixels, values, bias, residual }, product);
  return { y: { shape: [batch, height, width, y.shape[1]], values: y.values } };
};
