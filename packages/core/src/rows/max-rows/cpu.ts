import type { CpuKernel, HostTensor } from '../../op/definition.js';
import type { CompressedRows } from '../compressed-rows.js';
import { factorOf } from '../factors.js';
import type { ArgmaxRows, MaxRows, MaxRowsGradient, SharedMaxRowsGradient } from './attributes.js';

export const maxRows: CpuKernel<MaxRows> = ({ x, values }, { rows }) => {
  const channels = x.shape[1];
  const y = new Float32Array(rows.rowCount * channels).map((_, i) => {
    const products = productsOf(rows, x, values, Math.floor(i / channels), i % channels);
    return products.length > 0 ? greatestOf(products) : 0;
  });
  return { y: { shape: [rows.rowCount, channels], values: y } };
};

export const argmaxRows: CpuKernel<ArgmaxRows> = ({ x, values }, { rows }) => {
  const channels = x.shape[1];
  const places = new Int32Array(rows.rowCount * channels).map((_, i) => {
    const products = productsOf(rows, x, values, Math.floor(i / channels), i % channels);
    const firstNaN = products.findIndex(Number.isNaN);
    return firstNaN >= 0 ? firstNaN : products.indexOf(greatestOf(products));
  });
  return { places: { shape: [rows.rowCount, channels], values: places } };
};

export const maxRowsGradient: CpuKernel<MaxRowsGradient> = ({ dy, places, values }, { rows }) => {
  const channels = dy.shape[1];
  const { starts, columns, columnCount } = rows;
  const factor = factorOf(rows, values);
  const dx = new Float32Array(columnCount * channels);
  dy.values.forEach((gradient, i) => {
    if (places.values[i] < 0) return;
    const entry = starts[Math.floor(i / channels)] + places.values[i];
    dx[columns[entry] * channels + (i % channels)] += gradient * factor(entry);
  });
  return { dx: { shape: [columnCount, channels], values: dx } };
};

export const sharedMaxRowsGradient: CpuKernel<SharedMaxRowsGradient> = ({ dy, x, y }, { rows }) => {
  const channels = x.shape[1];
  const { starts, columns } = rows;
  const dx = new Float32Array(x.values.length);
  dy.values.forEach((gradient, i) => {
    const row = Math.floor(i / channels);
    const places = Array.from(
      columns.subarray(starts[row], starts[row + 1]),
      (column) => column * channels + (i % channels),
    );
    const greatest = places.filter((place) => isGreatest(x.values[place], y.values[i]));
    for (const place of greatest) dx[place] += gradient / greatest.length;
  });
  return { dx: { shape: x.shape, values: dx } };
};

/** factor * x[column] of the entries of a row, in their order and in float32. */
function productsOf(
  rows: CompressedRows,
  x: HostTensor,
  values: HostTensor | undefined,
  row: number,
  channel: number,
): number[] {
  const { starts, columns } = rows;
  const factor = factorOf(rows, values);
  const products: number[] = [];
  for (let entry = starts[row]; entry < starts[row + 1]; entry++) {
    products.push(Math.fround(factor(entry) * x.values[columns[entry] * x.shape[1] + channel]));
  }
  return products;
}

/** NaN if one is. */
function greatestOf(products: readonly number[]): number {
  return products.reduce((greatest, product) => Math.max(greatest, product), -Infinity);
}

/** A NaN makes the greatest value NaN, so a NaN is always among the greatest. */
function isGreatest(value: number, greatest: number): boolean {
  return value === greatest || Number.isNaN(value);
}
