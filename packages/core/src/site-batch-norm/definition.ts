import {
  add,
  engine,
  grads,
  mul,
  neg,
  ones,
  rsqrt,
  sub,
  zeros,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { columnSums } from '../dense/column-sums/definition.js';
import type { OpDefinition } from '../op/definition.js';
import { runOp } from '../op/run.js';
import type {
  SiteBatchNorm,
  SiteBatchNormGradient,
  SiteMoments,
  SiteNormalize,
  SiteNormalizeSums,
} from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const siteMomentsOp: OpDefinition<SiteMoments> = {
  name: 'SparseSiteMoments',
  inputs: { x: 'float32' },
  outputs: { mean: 'float32', variance: 'float32' },
  kernels: { cpu: cpu.moments, wasm: wasm.moments, webgpu: webgpu.moments },
  gradient: {
    save: ['x'],
    saveOutputs: ['mean'],
    // dx = dMean / sites + dVariance * 2 (x - mean) / sites
    gradients: (dMoments, { x, mean }) => ({
      x() {
        const [sites, channels] = x.shape;
        const scale = mul(dMoments.variance, 2 / sites);
        const offset = mul(dMoments.mean, 1 / sites);
        return runOp(siteNormalizeOp, { x, mean, variance: ones([channels]), scale, offset }, { epsilon: 0 }).y;
      },
    }),
  },
};

export const siteNormalizeOp: OpDefinition<SiteNormalize> = {
  name: 'SparseSiteNormalize',
  inputs: { x: 'float32', mean: 'float32', variance: 'float32', scale: 'float32', offset: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.normalize, wasm: wasm.normalize, webgpu: webgpu.normalize },
  gradient: {
    save: ['x', 'mean', 'variance', 'scale'],
    gradients({ y: dy }, { x, mean, variance, scale }, attrs) {
      const { sums, products } = sumsOf(dy, x, mean, variance, attrs);
      const none = zeros(scale.shape);
      const inverseDeviation = () => rsqrt(add(variance, attrs.epsilon));
      const slope = () => mul(scale, inverseDeviation());
      return {
        x: () => runOp(siteNormalizeOp, { x: dy, mean: none, variance, scale, offset: none }, attrs).y,
        mean: () => neg(mul(slope(), sums)),
        variance: () => mul(mul(mul(slope(), inverseDeviation()), products), -0.5),
        scale: () => products,
        offset: () => sums,
      };
    },
  },
};

export const siteBatchNormOp: OpDefinition<SiteBatchNorm> = {
  name: 'SparseSiteBatchNorm',
  inputs: { x: 'float32', scale: 'float32', offset: 'float32' },
  outputs: { y: 'float32', mean: 'float32', variance: 'float32' },
  kernels: { cpu: cpu.batchNorm, wasm: wasm.batchNorm, webgpu: webgpu.batchNorm },
  gradient: {
    save: ['x', 'scale'],
    saveOutputs: ['mean', 'variance'],
    gradients({ y: dy }, { x, scale, mean, variance }, attrs) {
      if (engine().isTapeOn()) return differentiableGradients(dy, x, scale, attrs);
      const { sums, products } = runOp(siteNormalizeSumsOp, { dy, x, mean, variance }, attrs);
      return {
        x: () => runOp(siteBatchNormGradientOp, { dy, x, mean, variance, scale, sums, products }, attrs).dx,
        scale: () => products,
        offset: () => sums,
      };
    },
  },
};

/** Per channel the sums of dy, and of dy times normalized x; for second derivatives of operations that have gradients. */
function sumsOf(dy: Tensor, x: Tensor, mean: Tensor, variance: Tensor, attrs: SiteNormalize['attrs']) {
  if (!engine().isTapeOn()) return runOp(siteNormalizeSumsOp, { dy, x, mean, variance }, attrs);
  const normalized = mul(sub(x, mean), rsqrt(add(variance, attrs.epsilon)));
  return { sums: columnSums(dy as Tensor2D), products: columnSums(mul(dy, normalized)) };
}

/** For second derivatives: of batch normalization in two steps, whose gradients have gradients. */
function differentiableGradients(dy: Tensor, x: Tensor, scale: Tensor, attrs: SiteBatchNorm['attrs']) {
  const normalize = (given: Tensor, ofScale: Tensor, offset: Tensor) => {
    const { mean, variance } = runOp(siteMomentsOp, { x: given }, {});
    return runOp(siteNormalizeOp, { x: given, mean, variance, scale: ofScale, offset }, attrs).y;
  };
  const [dx, dScale, dOffset] = grads(normalize)([x, scale, zeros(scale.shape)], dy);
  return { x: () => dx, scale: () => dScale, offset: () => dOffset };
}

const siteNormalizeSumsOp: OpDefinition<SiteNormalizeSums> = {
  name: 'SparseSiteNormalizeSums',
  inputs: { dy: 'float32', x: 'float32', mean: 'float32', variance: 'float32' },
  outputs: { sums: 'float32', products: 'float32' },
  kernels: { cpu: cpu.normalizeSums, wasm: wasm.normalizeSums, webgpu: webgpu.normalizeSums },
};

const siteBatchNormGradientOp: OpDefinition<SiteBatchNormGradient> = {
  name: 'SparseSiteBatchNormGradient',
  inputs: {
    dy: 'float32',
    x: 'float32',
    mean: 'float32',
    variance: 'float32',
    scale: 'float32',
    sums: 'float32',
    products: 'float32',
  },
  outputs: { dx: 'float32' },
  kernels: { cpu: cpu.batchNormGradient, wasm: wasm.batchNormGradient, webgpu: webgpu.batchNormGradient },
};
