import type { CpuKernel } from '@tfjs-sparse/core';
import type { LayerNorm, LayerNormGradient } from './attributes.js';

export const layerNormCpu: CpuKernel<LayerNorm> = ({ x, scale, offset }, { epsilon }) => {
  const [rows, channels] = x.shape;
  const y = new Float32Array(x.values.length);
  const statistics = new Float32Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    const values = x.values.subarray(row * channels, (row + 1) * channels);
    const mean = average(values, (value) => value);
    const factor = 1 / Math.sqrt(average(values, (value) => (value - mean) ** 2) + epsilon);
    values.forEach(
      (value, i) => (y[row * channels + i] = (value - mean) * factor * scale.values[i] + offset.values[i]),
    );
    statistics.set([mean, factor], 2 * row);
  }
  return { y: { shape: x.shape, values: y }, statistics: { shape: [rows, 2], values: statistics } };
};

/** With n the normalised x and g = scale * dy: dx = factor * (g - mean of g - n * mean of g * n). */
export const layerNormGradientCpu: CpuKernel<LayerNormGradient> = ({ x, scale, statistics, dy }) => {
  const [rows, channels] = x.shape;
  const dx = new Float32Array(x.values.length);
  const ofScale = new Float32Array(x.values.length);
  for (let row = 0; row < rows; row++) {
    const [mean, factor] = statistics.values.subarray(2 * row, 2 * row + 2);
    const first = row * channels;
    const normalised = x.values.subarray(first, first + channels).map((value) => (value - mean) * factor);
    const scaled = dy.values.subarray(first, first + channels).map((value, i) => value * scale.values[i]);
    const meanOfScaled = average(scaled, (value) => value);
    const meanOfProducts = average(scaled, (value, i) => value * normalised[i]);
    normalised.forEach((value, i) => {
      dx[first + i] = factor * (scaled[i] - meanOfScaled - value * meanOfProducts);
      ofScale[first + i] = dy.values[first + i] * value;
    });
  }
  return { dx: { shape: x.shape, values: dx }, ofScale: { shape: x.shape, values: ofScale } };
};

function average(values: Float32Array, term: (value: number, i: number) => number): number {
  return values.reduce((sum, value, i) => sum + term(value, i), 0) / values.length;
}
