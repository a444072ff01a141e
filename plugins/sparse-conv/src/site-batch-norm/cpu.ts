import type { CpuKernel, HostTensor } from '@tfjs-sparse/core';
import type { NormalizeAttrs } from './definitions.js';

export const moments: CpuKernel<'x', object> = ({ x }) => {
  const [sites, channels] = x.shape;
  const values = new Float32Array(2 * channels);
  for (let channel = 0; channel < channels && sites > 0; channel++) {
    let sum = 0;
    for (let site = 0; site < sites; site++) sum += x.values[site * channels + channel];
    const mean = sum / sites;
    let squares = 0;
    for (let site = 0; site < sites; site++) squares += (x.values[site * channels + channel] - mean) ** 2;
    values[channel] = mean;
    values[channels + channel] = squares / sites;
  }
  return { shape: [2, channels], values };
};

export const normalize: CpuKernel<'x' | 'moments' | 'scale' | 'offset', NormalizeAttrs> = (inputs, { epsilon }) => {
  const { x, moments, scale, offset } = inputs;
  const channels = x.shape[1];
  const values = x.values.map((value, i) => {
    const channel = i % channels;
    const { mean, inverseDeviation } = statistics(moments, channel, epsilon);
    return (value - mean) * inverseDeviation * scale.values[channel] + offset.values[channel];
  });
  return { shape: x.shape, values };
};

export const normalizeSums: CpuKernel<'dy' | 'x' | 'moments', NormalizeAttrs> = ({ dy, x, moments }, { epsilon }) => {
  const [sites, channels] = x.shape;
  const values = new Float32Array(2 * channels);
  for (let channel = 0; channel < channels; channel++) {
    const { mean, inverseDeviation } = statistics(moments, channel, epsilon);
    let sum = 0;
    let product = 0;
    for (let i = channel; i < sites * channels; i += channels) {
      sum += dy.values[i];
      product += dy.values[i] * (x.values[i] - mean) * inverseDeviation;
    }
    values[channel] = sum;
    values[channels + channel] = product;
  }
  return { shape: [2, channels], values };
};

export const batchNormGradient: CpuKernel<'dy' | 'x' | 'moments' | 'scale' | 'sums', NormalizeAttrs> = (
  { dy, x, moments, scale, sums },
  { epsilon },
) => {
  const [sites, channels] = x.shape;
  const values = x.values.map((value, i) => {
    const channel = i % channels;
    const { mean, inverseDeviation } = statistics(moments, channel, epsilon);
    const meanOfDy = sums.values[channel] / sites;
    const meanOfProduct = sums.values[channels + channel] / sites;
    const normalized = (value - mean) * inverseDeviation;
    return scale.values[channel] * inverseDeviation * (dy.values[i] - meanOfDy - normalized * meanOfProduct);
  });
  return { shape: x.shape, values };
};

function statistics(moments: HostTensor, channel: number, epsilon: number) {
  const channels = moments.shape[1];
  const variance = moments.values[channels + channel];
  return { mean: moments.values[channel], inverseDeviation: 1 / Math.sqrt(variance + epsilon) };
}
