import { add, mul, neg, ones, reshape, rsqrt, slice, stack, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export interface NormalizeAttrs {
  /** Added to the variance. */
  readonly epsilon: number;
}

export const siteMomentsOp: OpDefinition<'x', object> = {
  name: 'SparseSiteMoments',
  kernels: { cpu: cpu.moments, wasm: wasm.moments, webgpu: webgpu.moments },
  gradient: {
    save: ['x'],
    saveOutput: true,
    // dx = dMean / sites + dVariance * 2 (x - mean) / sites
    gradients: (dMoments, [x, moments]) => ({
      x() {
        const [sites, channels] = (x as Tensor2D).shape;
        const centred = stack([row(moments, 0), ones([channels])]);
        const scale = mul(row(dMoments, 1), 2 / sites);
        const offset = mul(row(dMoments, 0), 1 / sites);
        return runOp(siteNormalizeOp, { x, moments: centred, scale, offset }, { epsilon: 0 });
      },
    }),
  },
};

export const siteNormalizeOp: OpDefinition<'x' | 'moments' | 'scale' | 'offset', NormalizeAttrs> = {
  name: 'SparseSiteNormalize',
  kernels: { cpu: cpu.normalize, wasm: wasm.normalize, webgpu: webgpu.normalize },
  gradient: {
    save: ['x', 'moments', 'scale'],
    gradients(dy, [x, moments, scale], attrs) {
      const sums = runOp(siteNormalizeSumsOp, { dy, x, moments }, attrs);
      const none = zeros(scale.shape);
      const inverseDeviation = () => rsqrt(add(row(moments, 1), attrs.epsilon));
      return {
        x: () => runOp(siteNormalizeOp, { x: dy, moments: stack([none, row(moments, 1)]), scale, offset: none }, attrs),
        moments() {
          const slope = mul(scale, inverseDeviation());
          const dMean = neg(mul(slope, row(sums, 0)));
          const dVariance = mul(mul(mul(slope, inverseDeviation()), row(sums, 1)), -0.5);
          return stack([dMean, dVariance]);
        },
        scale: () => row(sums, 1),
        offset: () => row(sums, 0),
      };
    },
  },
};

/** Computes what siteNormalizeOp computes; `moments` must be those of `x`, and its gradient counts them as part of `x`. */
export const siteBatchNormOp: OpDefinition<'x' | 'moments' | 'scale' | 'offset', NormalizeAttrs> = {
  name: 'SparseSiteBatchNorm',
  kernels: siteNormalizeOp.kernels,
  gradient: {
    save: ['x', 'moments', 'scale'],
    gradients(dy, [x, moments, scale], attrs) {
      const sums = runOp(siteNormalizeSumsOp, { dy, x, moments }, attrs);
      return {
        x: () => runOp(siteBatchNormGradientOp, { dy, x, moments, scale, sums }, attrs),
        scale: () => row(sums, 1),
        offset: () => row(sums, 0),
      };
    },
  },
};

/** `[2, channels]`: the sums over sites of `dy`, then of `dy * (x - mean) / sqrt(variance + epsilon)`. */
export const siteNormalizeSumsOp: OpDefinition<'dy' | 'x' | 'moments', NormalizeAttrs> = {
  name: 'SparseSiteNormalizeSums',
  kernels: { cpu: cpu.normalizeSums, wasm: wasm.normalizeSums, webgpu: webgpu.normalizeSums },
};

/** dx of siteBatchNormOp; `sums` are those of siteNormalizeSumsOp. */
export const siteBatchNormGradientOp: OpDefinition<'dy' | 'x' | 'moments' | 'scale' | 'sums', NormalizeAttrs> = {
  name: 'SparseSiteBatchNormGradient',
  kernels: { cpu: cpu.batchNormGradient, wasm: wasm.batchNormGradient, webgpu: webgpu.batchNormGradient },
};

/** The means (0) or the variances (1) of `moments`, or what else has their layout `[2, channels]`. */
export function row(moments: Tensor, index: 0 | 1): Tensor1D {
  const channels = moments.shape[1]!;
  return reshape(slice(moments, [index, 0], [1, channels]), [channels]);
}
