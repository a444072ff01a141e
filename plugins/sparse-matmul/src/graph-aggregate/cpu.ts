import type { CpuKernel, HostTensor } from '@tfjs-sparse/core';
import type { CompressedRows } from '../sparse-matrix/compressed-rows.js';
import type { AggregateAttrs, EntriesAttrs } from './op.js';

export const aggregate: CpuKernel<'x' | 'values', AggregateAttrs> = ({ x, values }, { entries, reduction }) => {
  const features = x.shape[1];
  const y = new Float32Array(entries.rowCount * features);
  for (let i = 0; i < y.length; i++) {
    const products = productsOf(entries, x, values, Math.floor(i / features), i % features);
    if (products.length === 0) continue;
    if (reduction === 'max') y[i] = greatestOf(products);
    else y[i] = products.reduce((sum, product) => sum + product, 0) / (reduction === 'mean' ? products.length : 1);
  }
  return { shape: [entries.rowCount, features], values: y };
};

export const argmax: CpuKernel<'x' | 'values', EntriesAttrs> = ({ x, values }, { entries }) => {
  const features = x.shape[1];
  const places = new Float32Array(entries.rowCount * features).map((_, i) => {
    const products = productsOf(entries, x, values, Math.floor(i / features), i % features);
    const firstNaN = products.findIndex(Number.isNaN);
    return firstNaN >= 0 ? firstNaN : products.indexOf(greatestOf(products));
  });
  return { shape: [entries.rowCount, features], values: places };
};

export const maxGradient: CpuKernel<'dy' | 'argmax' | 'values', EntriesAttrs> = (inputs, { entries }) => {
  const { dy, argmax: places, values } = inputs;
  const features = dy.shape[1];
  const dx = new Float32Array(entries.columnCount * features);
  dy.values.forEach((gradient, i) => {
    if (places.values[i] < 0) return;
    const entry = entries.starts[Math.floor(i / features)] + places.values[i];
    dx[entries.columns[entry] * features + (i % features)] += gradient * (values ? values.values[entry] : 1);
  });
  return { shape: [entries.columnCount, features], values: dx };
};

export const entryProducts: CpuKernel<'a' | 'b' | 'argmax', EntriesAttrs> = (inputs, { entries }) => {
  const { a, b, argmax: places } = inputs;
  const features = a.shape[1];
  const products = new Float32Array(entries.entryCount);
  entries.rows.forEach((row, entry) => {
    for (let feature = 0; feature < features; feature++) {
      const isCounted = !places || places.values[row * features + feature] === entry - entries.starts[row];
      const column = entries.columns[entry];
      if (isCounted) products[entry] += a.values[row * features + feature] * b.values[column * features + feature];
    }
  });
  return { shape: [entries.entryCount], values: products };
};

/** value * x[column] of the entries of a row, in their order and in float32. */
function productsOf(
  { starts, columns, order }: CompressedRows,
  x: HostTensor,
  values: HostTensor | undefined,
  row: number,
  feature: number,
): number[] {
  const products: number[] = [];
  for (let entry = starts[row]; entry < starts[row + 1]; entry++) {
    const value = values ? values.values[order ? order[entry] : entry] : 1;
    products.push(Math.fround(value * x.values[columns[entry] * x.shape[1] + feature]));
  }
  return products;
}

/** NaN if one is. */
function greatestOf(products: readonly number[]): number {
  return products.reduce((greatest, product) => Math.max(greatest, product), -Infinity);
}
