import { f32, type WebgpuKernel } from '@tfjs-sparse/core';
import type { LayerNorm, LayerNormGradient } from './attributes.js';

/** WGSL: the mean over the channels of a row of what a term is at `i`, as a sum of sums of 32. */
function meanCode(name: string, term: string): string {
  return /* wgsl */ `
      var ${name} = 0.0;
      for (var first = 0; first < uniforms.channels; first += 32) {
        var part = 0.0;
        for (var channel = first; channel < min(first + 32, uniforms.channels); channel++) {
          let i = row * uniforms.channels + channel;
          part += ${term};
        }
        ${name} += part;
      }
      ${name} /= f32(uniforms.channels);`;
}

export const layerNormWebgpu: WebgpuKernel<LayerNorm> = ({ x, scale, offset }, { epsilon }, gpu) => {
  const [rows, channels] = x.shape;
  if (rows === 0) return { y: gpu.zeros(x.shape), statistics: gpu.zeros([0, 2]) };
  const statistics = gpu.run({
    key: 'layerNormStatistics',
    outputShape: [rows, 2],
    inputs: { x },
    uniforms: { channels, epsilon: f32(epsilon), rows },
    threads: rows,
    code: () => /* wgsl */ `
    // One thread per row.
    fn main(row : i32) {
      if (row >= uniforms.rows) { return; }
      ${meanCode('mean', 'x[i]')}
      ${meanCode('variance', '(x[i] - mean) * (x[i] - mean)')}
      result[2 * row] = mean;
      result[2 * row + 1] = 1.0 / sqrt(variance + uniforms.epsilon);
    }`,
  });
  const y = gpu.run({
    key: 'layerNorm',
    outputShape: x.shape,
    inputs: { x, scale, offset, statistics },
    uniforms: { channels },
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.channels;
      let channel = index % uniforms.channels;
      result[index] = (x[index] - statistics[2 * row]) * statistics[2 * row + 1] * scale[channel] + offset[channel];
    }`,
  });
  return { y, statistics };
};

export const layerNormGradientWebgpu: WebgpuKernel<LayerNormGradient> = ({ x, scale, statistics, dy }, _, gpu) => {
  const [rows, channels] = x.shape;
  if (rows === 0) return { dx: gpu.zeros(x.shape), ofScale: gpu.zeros(x.shape) };
  const normalised = '(x[i] - statistics[2 * row]) * statistics[2 * row + 1]';
  const means = gpu.run({
    key: 'layerNormGradientMeans',
    outputShape: [rows, 2],
    inputs: { x, scale, statistics, dy },
    uniforms: { channels, rows },
    threads: rows,
    code: () => /* wgsl */ `
    // One thread per row.
    fn main(row : i32) {
      if (row >= uniforms.rows) { return; }
      ${meanCode('scaled', 'dy[i] * scale[channel]')}
      ${meanCode('products', `dy[i] * scale[channel] * ${normalised}`)}
      result[2 * row] = scaled;
      result[2 * row + 1] = products;
    }`,
  });
  const dx = gpu.run({
    key: 'layerNormGradient',
    outputShape: x.shape,
    inputs: { x, scale, statistics, dy, means },
    uniforms: { channels },
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(i : i32) {
      if (i >= uniforms.size) { return; }
      let row = i / uniforms.channels;
      let scaled = dy[i] * scale[i % uniforms.channels] - means[2 * row];
      result[i] = statistics[2 * row + 1] * (scaled - ${normalised} * means[2 * row + 1]);
    }`,
  });
  const ofScale = gpu.run({
    key: 'layerNormScaleTerms',
    outputShape: x.shape,
    inputs: { x, statistics, dy },
    uniforms: { channels },
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(i : i32) {
      if (i >= uniforms.size) { return; }
      let row = i / uniforms.channels;
      result[i] = dy[i] * ${normalised};
    }`,
  });
  gpu.dispose(means);
  return { dx, ofScale };
};
