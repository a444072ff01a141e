import type { WasmKernel, WasmScope } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { NormalizeAttrs } from './definitions.js';

interface SiteBatchNormExports {
  siteMoments(x: number, moments: number, scratch: number, sites: number, channels: number): void;
  siteNormalize(
    x: number,
    moments: number,
    scale: number,
    offset: number,
    y: number,
    scratch: number,
    sites: number,
    channels: number,
    epsilon: number,
  ): void;
  siteNormalizeSums(
    dy: number,
    x: number,
    moments: number,
    sums: number,
    scratch: number,
    sites: number,
    channels: number,
    epsilon: number,
  ): void;
  siteBatchNormGradient(
    dy: number,
    x: number,
    moments: number,
    scale: number,
    sums: number,
    dx: number,
    scratch: number,
    sites: number,
    channels: number,
    epsilon: number,
  ): void;
}

/** Bytes: up to four float32 coefficients for each of four rows; as much as float64 totals and float32 means of them. */
const scratchPerChannel = 64;

export const moments: WasmKernel<'x', object> = ({ x }, _attrs, wasm) => {
  const [sites, channels] = x.shape;
  const result = wasm.output([2, channels]);
  const scratch = wasm.scratch(channels * scratchPerChannel);
  kernels(wasm).siteMoments(x.pointer, result.pointer, scratch, sites, channels);
  return result;
};

export const normalize: WasmKernel<'x' | 'moments' | 'scale' | 'offset', NormalizeAttrs> = (
  { x, moments, scale, offset },
  { epsilon },
  wasm,
) => {
  const [sites, channels] = x.shape;
  const y = wasm.output(x.shape);
  const scratch = wasm.scratch(channels * scratchPerChannel);
  const { siteNormalize } = kernels(wasm);
  siteNormalize(
    x.pointer,
    moments.pointer,
    scale.pointer,
    offset.pointer,
    y.pointer,
    scratch,
    sites,
    channels,
    epsilon,
  );
  return y;
};

export const normalizeSums: WasmKernel<'dy' | 'x' | 'moments', NormalizeAttrs> = (
  { dy, x, moments },
  { epsilon },
  wasm,
) => {
  const [sites, channels] = x.shape;
  const sums = wasm.output([2, channels]);
  const scratch = wasm.scratch(channels * scratchPerChannel);
  const { siteNormalizeSums } = kernels(wasm);
  siteNormalizeSums(dy.pointer, x.pointer, moments.pointer, sums.pointer, scratch, sites, channels, epsilon);
  return sums;
};

export const batchNormGradient: WasmKernel<'dy' | 'x' | 'moments' | 'scale' | 'sums', NormalizeAttrs> = (
  { dy, x, moments, scale, sums },
  { epsilon },
  wasm,
) => {
  const [sites, channels] = x.shape;
  const dx = wasm.output(x.shape);
  const scratch = wasm.scratch(channels * scratchPerChannel);
  const { siteBatchNormGradient } = kernels(wasm);
  siteBatchNormGradient(
    dy.pointer,
    x.pointer,
    moments.pointer,
    scale.pointer,
    sums.pointer,
    dx.pointer,
    scratch,
    sites,
    channels,
    epsilon,
  );
  return dx;
};

function kernels(wasm: WasmScope): SiteBatchNormExports {
  return wasm.load<SiteBatchNormExports>(binaries);
}
