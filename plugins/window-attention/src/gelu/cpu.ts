import type { CpuKernel } from '@tfjs-sparse/core';
import type { Gelu, GeluApproximation, GeluGradient } from './attributes.js';
import { normalDensity, normalShare } from './normal-share.js';

export const geluCpu: CpuKernel<Gelu> = ({ x }, { approximation }) => {
  return { y: { shape: x.shape, values: x.values.map((value) => value * shareBelow(value, approximation)) } };
};

/** `dx = dy * (share + x * slope of the share)` */
export const geluGradientCpu: CpuKernel<GeluGradient> = ({ x, dy }, { approximation }) => {
  const slopes = x.values.map((value, i) => {
    const share = shareBelow(value, approximation);
    if (approximation === 'none') return dy.values[i] * (share + value * normalDensity(value));
    const steepness = 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * cubic * value * value);
    return dy.values[i] * (share + value * share * (1 - share) * steepness);
  });
  return { dx: { shape: x.shape, values: slopes } };
};

const cubic = 0.044715;

function shareBelow(x: number, approximation: GeluApproximation): number {
  if (approximation === 'none') return normalShare(x);
  return 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + cubic * x ** 3)));
}
