import type { CpuKernel, HostTensor } from '../op/definition.js';
import type {
  SiteBatchNorm,
  SiteBatchNormGradient,
  SiteMoments,
  SiteNormalize,
  SiteNormalizeSums,
} from './attributes.js';

export const moments: CpuKernel<SiteMoments> = ({ x }) => {
  const [sites, channels] = x.shape;
  const means = new Float32Array(channels);
  const variances = new Float32Array(channels);
  for (let channel = 0; channel < channels && sites > 0; channel++) {
    let sum = 0;
    for (let site = 0; site < sites; site++) sum += x.values[site * channels + channel];
    const mean = sum / sites;
    let squares = 0;
    for (let site = 0; site < sites; site++) squares += (x.values[site * channels + channel] - mean) ** 2;
    means[channel] = mean;
    variances[channel] = squares / sites;
  }
  return { mean: { shape: [channels], values: means }, variance: { shape: [channels], values: variances } };
};

export const normalize: CpuKernel<SiteNormalize> = ({ x, mean, variance, scale, offset }, { epsilon }) => {
  const channels = x.shape[1];
  const values = x.values.map((value, i) => {
    const channel = i % channels;
    const centred = value - mean.values[channel];
    return centred * inverseDeviation(variance, channel, epsilon) * scale.values[channel] + offset.values[channel];
  });
  return { y: { shape: x.shape, values } };
};

export const batchNorm: CpuKernel<SiteBatchNorm> = ({ x, scale, offset }, attrs) => {
  const { mean, variance } = moments({ x }, {});
  return { ...normalize({ x, mean, variance, scale, offset }, attrs), mean, variance };
};

export const normalizeSums: CpuKernel<SiteNormalizeSums> = ({ dy, x, mean, variance }, { epsilon }) => {
  const [sites, channels] = x.shape;
  const sums = new Float32Array(channels);
  const products = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    let product = 0;
    for (let i = channel; i < sites * channels; i += channels) {
      sum += dy.values[i];
      product += dy.values[i] * (x.values[i] - mean.values[channel]) * inverseDeviation(variance, channel, epsilon);
    }
    sums[channel] = sum;
    products[channel] = product;
  }
  return { sums: { shape: [channels], values: sums }, products: { shape: [channels], values: products } };
};

export const batchNormGradient: CpuKernel<SiteBatchNormGradient> = (
  { dy, x, mean, variance, scale, sums, products },
  { epsilon },
) => {
  const [sites, channels] = x.shape;
  const values = x.values.map((value, i) => {
    const channel = i % channels;
    const inverse = inverseDeviation(variance, channel, epsilon);
    const meanOfDy = sums.values[channel] / sites;
    const meanOfProduct = products.values[channel] / sites;
    const normalized = (value - mean.values[channel]) * inverse;
    return scale.values[channel] * inverse * (dy.values[i] - meanOfDy - normalized * meanOfProduct);
  });
  return { dx: { shape: x.shape, values } };
};

function inverseDeviation(variance: HostTensor, channel: number, epsilon: number): number {
  return 1 / Math.sqrt(variance.values[channel] + epsilon);
}
