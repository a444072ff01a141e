import type { CpuKernel } from '@tfjs-sparse/core';

export const zeroSkipMatMul: CpuKernel<'x' | 'weights', object> = ({ x, weights }) => {
  const [rows, inFeatures] = x.shape;
  const outFeatures = weights.shape[1];
  const y = new Float32Array(rows * outFeatures);
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < inFeatures; input++) {
      const value = x.values[row * inFeatures + input];
      if (value === 0) continue;
      for (let output = 0; output < outFeatures; output++) {
        y[row * outFeatures + output] += value * weights.values[input * outFeatures + output];
      }
    }
  }
  return { shape: [rows, outFeatures], values: y };
};
