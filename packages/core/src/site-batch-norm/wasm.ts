import type { WasmKernel, WasmScope, WasmTensor } from '../op/wasm-scope.js';
import { binaries } from '../wasm-binaries.js';
import type {
  SiteBatchNorm,
  SiteBatchNormGradient,
  SiteMoments,
  SiteNormalize,
  SiteNormalizeSums,
} from './attributes.js';

/** Bytes: up to four float32 coefficients for each of four rows; as much as float64 totals and float32 means of them. */
const scratchPerChannel = 64;

export const moments: WasmKernel<SiteMoments> = ({ x }, _attrs, wasm) => {
  const [sites, channels] = x.shape;
  const mean = wasm.output([channels]);
  const variance = wasm.output([channels]);
  wasm.load(binaries).siteMoments(x.pointer, mean.pointer, variance.pointer, scratch(x, wasm), sites, channels);
  return { mean, variance };
};

export const normalize: WasmKernel<SiteNormalize> = ({ x, mean, variance, scale, offset }, { epsilon }, wasm) => {
  const [sites, channels] = x.shape;
  const y = wasm.output(x.shape);
  const given = [x.pointer, mean.pointer, variance.pointer, scale.pointer, offset.pointer] as const;
  wasm.load(binaries).siteNormalize(...given, y.pointer, scratch(x, wasm), sites, channels, epsilon);
  return { y };
};

export const batchNorm: WasmKernel<SiteBatchNorm> = ({ x, scale, offset }, attrs, wasm) => {
  const { mean, variance } = moments({ x }, {}, wasm);
  return { ...normalize({ x, mean, variance, scale, offset }, attrs, wasm), mean, variance };
};

export const normalizeSums: WasmKernel<SiteNormalizeSums> = ({ dy, x, mean, variance }, { epsilon }, wasm) => {
  const [sites, channels] = x.shape;
  const sums = wasm.output([channels]);
  const products = wasm.output([channels]);
  const given = [dy.pointer, x.pointer, mean.pointer, variance.pointer] as const;
  const { siteNormalizeSums } = wasm.load(binaries);
  siteNormalizeSums(...given, sums.pointer, products.pointer, scratch(x, wasm), sites, channels, epsilon);
  return { sums, products };
};

export const batchNormGradient: WasmKernel<SiteBatchNormGradient> = (
  { dy, x, mean, variance, scale, sums, products },
  { epsilon },
  wasm,
) => {
  const [sites, channels] = x.shape;
  const dx = wasm.output(x.shape);
  const given = [dy.pointer, x.pointer, mean.pointer, variance.pointer, scale.pointer] as const;
  const { siteBatchNormGradient } = wasm.load(binaries);
  const ofSums = [sums.pointer, products.pointer] as const;
  siteBatchNormGradient(...given, ...ofSums, dx.pointer, scratch(x, wasm), sites, channels, epsilon);
  return { dx };
};

function scratch({ shape }: WasmTensor, wasm: WasmScope): number {
  return wasm.scratch(shape[1] * scratchPerChannel);
}
