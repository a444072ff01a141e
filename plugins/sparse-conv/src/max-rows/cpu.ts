import type { CpuKernel } from '@tfjs-sparse/core';
import type { RowMapAttrs, TargetsAttrs } from './op.js';

export const maxRows: CpuKernel<'y', TargetsAttrs> = ({ y }, { map }) => {
  const channels = y.shape[1];
  const sources = map.starts.length - 1;
  const values = new Float32Array(sources * channels);
  for (let i = 0; i < values.length; i++) {
    const targets = map.order.subarray(...rangeOf(map.starts, Math.floor(i / channels)));
    const channel = i % channels;
    let greatest = -Infinity;
    for (const target of targets) greatest = Math.max(greatest, y.values[target * channels + channel]); // NaN if one is
    values[i] = targets.length > 0 ? greatest : 0;
  }
  return { shape: [sources, channels], values };
};

export const maxRowsGradient: CpuKernel<'dx' | 'y' | 'x', RowMapAttrs> = ({ dx, y, x }, { map }) => {
  const channels = y.shape[1];
  const values = new Float32Array(y.values.length);
  for (let i = 0; i < x.values.length; i++) {
    const channel = i % channels;
    const targets = map.order.subarray(...rangeOf(map.starts, Math.floor(i / channels)));
    const greatest = targets.filter((target) => isGreatest(y.values[target * channels + channel], x.values[i]));
    for (const target of greatest) values[target * channels + channel] = dx.values[i] / greatest.length;
  }
  return { shape: y.shape, values };
};

function rangeOf(starts: Int32Array, source: number): [number, number] {
  return [starts[source], starts[source + 1]];
}

function isGreatest(value: number, greatest: number): boolean {
  return value === greatest || (Number.isNaN(value) && Number.isNaN(greatest));
}
