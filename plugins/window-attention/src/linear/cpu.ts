import type { CpuKernel } from '@tfjs-sparse/core';
import { normalShare } from '../gelu/normal-share.js';
import type { Linear, LinearActivation, RowProducts } from './attributes.js';

export const linearCpu: CpuKernel<Linear> = ({ x, matrix, bias }, { activation }) => {
  const [rows, inner] = x.shape;
  const columns = matrix.shape[1];
  const y = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = bias.values[column];
      for (let i = 0; i < inner; i++) sum += x.values[row * inner + i] * matrix.values[i * columns + column];
      y[row * columns + column] = activated(sum, activation);
    }
  }
  return { y: { shape: [rows, columns], values: y } };
};

export const rowProductsCpu: CpuKernel<RowProducts> = ({ x, dy }) => {
  const [rows, inner] = x.shape;
  const columns = dy.shape[1];
  const sums = new Float64Array(inner * columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const factor = x.values[row * inner + i];
      for (let column = 0; column < columns; column++) sums[i * columns + column] += factor * dy.values[row * columns + column]; // prettier-ignore
    }
  }
  return { products: { shape: [inner, columns], values: Float32Array.from(sums) } };
};

function activated(sum: number, activation: LinearActivation): number {
  if (activation === 'gelu') return sum * normalShare(sum);
  return activation === 'relu' && sum < 0 ? 0 : sum;
}
