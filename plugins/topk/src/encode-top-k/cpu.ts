import type { CpuKernel } from '@tfjs-sparse/core';
import { topKCpu } from '../top-k/cpu.js';
import type { EncodeTopK } from './attributes.js';

export const encodeTopKCpu: CpuKernel<EncodeTopK> = ({ x, dictionary, bias }, { layout }) => {
  const { rows, features, k } = layout;
  const width = x.shape[1];
  const products = Float32Array.from({ length: rows * features }, (_, i) => {
    const [row, feature] = [Math.floor(i / features), i % features];
    let sum = bias?.values[feature] ?? 0;
    for (let column = 0; column < width; column++) {
      sum += x.values[row * width + column] * dictionary.values[feature * width + column];
    }
    return sum;
  });
  const attrs = { k, counts: null, width: features };
  const { values, indices } = topKCpu({ x: { shape: [rows, features], values: products } }, attrs);
  return {
    values: { shape: [rows * k], values: values.values },
    indices: { shape: [rows * k], values: indices.values },
  };
};
