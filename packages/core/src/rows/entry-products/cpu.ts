import type { CpuKernel } from '../../op/definition.js';
import type { EntryProducts } from './attributes.js';

export const entryProductsCpu: CpuKernel<EntryProducts> = ({ a, b, places }, { rows: { starts, columns, rows } }) => {
  const channels = a.shape[1];
  const products = new Float32Array(rows.length);
  rows.forEach((row, entry) => {
    for (let channel = 0; channel < channels; channel++) {
      const isCounted = !places || places.values[row * channels + channel] === entry - starts[row];
      const column = columns[entry];
      if (isCounted) products[entry] += a.values[row * channels + channel] * b.values[column * channels + channel];
    }
  });
  return { products: { shape: [rows.length], values: products } };
};
