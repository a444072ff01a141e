import { clamp, limitsOf, type CpuKernel } from '@tfjs-sparse/core';
import type { ZeroSkipMatMul } from './attributes.js';

export const zeroSkipMatMulCpu: CpuKernel<ZeroSkipMatMul> = ({ x, weights, bias, residual }, { activation }) => {
  const [rows, inFeatures] = x.shape;
  const outFeatures = weights.shape[1];
  const limits = limitsOf(activation);
  const sums = new Float32Array(rows * outFeatures);
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < inFeatures; input++) {
      const value = x.values[row * inFeatures + input];
      if (value === 0) continue;
      for (let output = 0; output < outFeatures; output++) {
        sums[row * outFeatures + output] += value * weights.values[input * outFeatures + output];
      }
    }
  }
  const values = sums.map((sum, i) => {
    const added = (bias ? bias.values[i % outFeatures] : 0) + (residual ? residual.values[i] : 0);
    return clamp(sum + added, limits);
  });
  return { y: { shape: [rows, outFeatures], values } };
};
