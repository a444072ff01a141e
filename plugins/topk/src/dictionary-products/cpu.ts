import type { CpuKernel } from '@tfjs-sparse/core';
import { entriesOf } from '../k-sparse/entry-layout.js';
import type { DictionaryGradient, FeatureSums, SparseDecode, SparseEncode } from './attributes.js';

export const sparseDecodeCpu: CpuKernel<SparseDecode> = ({ values, indices, dictionary, bias }, { layout }) => {
  const width = dictionary.shape[1];
  const y = Float64Array.from({ length: layout.rows * width }, (_, i) => bias?.values[i % width] ?? 0);
  for (const [entry, row, feature] of entriesOf(indices, layout)) {
    for (let column = 0; column < width; column++) {
      y[row * width + column] += values.values[entry] * dictionary.values[feature * width + column];
    }
  }
  return { y: { shape: [layout.rows, width], values: Float32Array.from(y) } };
};

export const sparseEncodeCpu: CpuKernel<SparseEncode> = ({ x, dictionary, indices, bias }, { layout }) => {
  const width = dictionary.shape[1];
  const values = new Float32Array(indices.values.length);
  for (const [entry, row, feature] of entriesOf(indices, layout)) {
    let sum = bias?.values[feature] ?? 0;
    for (let column = 0; column < width; column++) {
      sum += x.values[row * width + column] * dictionary.values[feature * width + column];
    }
    values[entry] = sum;
  }
  return { values: { shape: indices.shape, values } };
};

export const dictionaryGradientCpu: CpuKernel<DictionaryGradient> = ({ values, indices, x }, { layout }) => {
  const width = x.shape[1];
  const gradient = new Float64Array(layout.features * width);
  for (const [entry, row, feature] of entriesOf(indices, layout)) {
    for (let column = 0; column < width; column++) {
      gradient[feature * width + column] += values.values[entry] * x.values[row * width + column];
    }
  }
  return { gradient: { shape: [layout.features, width], values: Float32Array.from(gradient) } };
};

export const featureSumsCpu: CpuKernel<FeatureSums> = ({ values, indices }, { layout }) => {
  const sums = new Float64Array(layout.features);
  for (const [entry, , feature] of entriesOf(indices, layout)) sums[feature] += values.values[entry];
  return { sums: { shape: [layout.features], values: Float32Array.from(sums) } };
};
