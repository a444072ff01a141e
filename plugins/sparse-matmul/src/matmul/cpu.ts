import type { CpuKernel } from '@tfjs-sparse/core';
import { limitsOf } from './activation.js';
import type { PatternMatMulAttrs, PatternMatMulInput } from './op.js';

export const patternMatMulCpu: CpuKernel<PatternMatMulInput, PatternMatMulAttrs> = (
  { x, values, bias },
  { pattern, activation },
) => {
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = pattern;
  const rows = x.shape[0];
  const [low, high] = limitsOf(activation);
  const y = new Float32Array(rows * outFeatures);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outFeatures; output++) {
      const blockRow = Math.floor(output / blockOutputs);
      const lane = output % blockOutputs;
      let sum = bias ? bias.values[output] : 0;
      for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
        sum += x.values[row * inFeatures + columns[block]] * values.values[block * blockOutputs + lane];
      }
      y[row * outFeatures + output] = Math.min(Math.max(sum, low), high); // NaN stays
    }
  }
  return { shape: [rows, outFeatures], values: y };
};
