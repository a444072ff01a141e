import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type KernelMap, type OpDefinition } from '@tfjs-sparse/core';
import { siteSums } from '../site-sums/op.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export interface MapDepthwiseAttrs {
  readonly map: KernelMap;
}

/**
 * The product behind every depthwise convolution, channel by channel:
 * `y[out] = bias + sum over offsets k and pairs (in, out) of k of x[in] * filter[k]`.
 *
 * @param x      `[inSites, channels]`
 * @param filter `[offsets, channels]`
 * @param bias   `[channels]`, default none
 * @returns      `[outSites, channels]`
 */
export function mapDepthwise(x: Tensor2D, filter: Tensor2D, map: KernelMap, bias?: Tensor1D): Tensor2D {
  return runOp(mapDepthwiseOp, { x, filter, bias }, { map }) as Tensor2D;
}

/**
 * Its gradient for the filter: `dFilter[k] = sum over the pairs (in, out) of k of x[in] * dy[out]`.
 *
 * @param x  `[inSites, channels]`
 * @param dy `[outSites, channels]`
 * @returns  `[offsets, channels]`
 */
function mapDepthwiseFilterGradient(x: Tensor2D, dy: Tensor2D, map: KernelMap): Tensor2D {
  return runOp(mapDepthwiseFilterGradientOp, { x, dy }, { map }) as Tensor2D;
}

const tables = ({ map }: MapDepthwiseAttrs) => [map.neighbourTable()];

export const mapDepthwiseOp: OpDefinition<'x' | 'filter' | 'bias', MapDepthwiseAttrs> = {
  name: 'SparseMapDepthwise',
  kernels: { cpu: cpu.mapDepthwise, wasm: wasm.mapDepthwise, webgpu: webgpu.mapDepthwise },
  gradient: {
    save: ['x', 'filter'],
    gradients: (dy, [x, filter], { map }) => ({
      x: () => mapDepthwise(dy as Tensor2D, filter as Tensor2D, map.transposed()),
      filter: () => mapDepthwiseFilterGradient(x as Tensor2D, dy as Tensor2D, map),
      bias: () => siteSums(dy as Tensor2D),
    }),
  },
  tables,
};

export const mapDepthwiseFilterGradientOp: OpDefinition<'x' | 'dy', MapDepthwiseAttrs> = {
  name: 'SparseMapDepthwiseFilterGradient',
  kernels: {
    cpu: cpu.mapDepthwiseFilterGradient,
    wasm: wasm.mapDepthwiseFilterGradient,
    webgpu: webgpu.mapDepthwiseFilterGradient,
  },
  gradient: {
    save: ['x', 'dy'],
    gradients: (dFilter, [x, dy], { map }) => ({
      x: () => mapDepthwise(dy as Tensor2D, dFilter as Tensor2D, map.transposed()),
      dy: () => mapDepthwise(x as Tensor2D, dFilter as Tensor2D, map),
    }),
  },
  tables,
};
