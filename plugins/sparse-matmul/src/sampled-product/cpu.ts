import type { CpuKernel } from '@tfjs-sparse/core';
import type { SampledProduct } from './attributes.js';

export const sampledProductCpu: CpuKernel<SampledProduct> = ({ x, dy }, { pattern }) => {
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = pattern;
  const rows = x.shape[0];
  const values = new Float32Array(columns.length * blockOutputs);
  for (let blockRow = 0; blockRow < starts.length - 1; blockRow++) {
    for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
      for (let lane = 0; lane < blockOutputs; lane++) {
        const output = blockRow * blockOutputs + lane;
        if (output >= outFeatures) continue; // such a weight stays 0
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          sum += x.values[row * inFeatures + columns[block]] * dy.values[row * outFeatures + output];
        }
        values[block * blockOutputs + lane] = sum;
      }
    }
  }
  return { values: { shape: [columns.length, blockOutputs], values } };
};
