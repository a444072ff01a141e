import type { CpuKernel } from '@tfjs-sparse/core';
import { depthwiseConv2DCpu } from '../depthwise-conv2d/cpu.js';
import { patternMatMulCpu } from '../matmul/cpu.js';
import type { SeparableConv2DAttrs, SeparableInput } from './op.js';

export const separableConv2DCpu: CpuKernel<SeparableInput, SeparableConv2DAttrs> = (
  { x, filter, filterBias, values, bias },
  { depthwise, ...product },
) => {
  const image = depthwiseConv2DCpu({ x, filter, bias: filterBias }, depthwise);
  const [batch, height, width, channels] = image.shape;
  const pixels = { shape: [batch * height * width, channels], values: image.values };
  const { shape, values: outputs } = patternMatMulCpu({ x: pixels, values, bias }, product);
  return { shape: [batch, height, width, shape[1]], values: outputs };
};
