import { clamp, limitsOf, type CpuKernel } from '@tfjs-sparse/core';
import type { PatternMatMul } from './attributes.js';

export const patternMatMulCpu: CpuKernel<PatternMatMul> = ({ x, values, bias, residual }, { pattern, activation }) => {
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = pattern;
  const rows = x.shape[0];
  const limits = limitsOf(activation);
  const y = new Float32Array(rows * outFeatures);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outFeatures; output++) {
      const blockRow = Math.floor(output / blockOutputs);
      const lane = output % blockOutputs;
      let sum = bias ? bias.values[output] : 0;
      for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
        sum += x.values[row * inFeatures + columns[block]] * values.values[block * blockOutputs + lane];
      }
      const index = row * outFeatures + output;
      y[index] = clamp(sum + (residual ? residual.values[index] : 0), limits);
    }
  }
  return { y: { shape: [rows, outFeatures], values: y } };
};
