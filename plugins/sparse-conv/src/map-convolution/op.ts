import { concat, split, tidy, type Tensor1D, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { runFused, type Epilogue } from '@tfjs-sparse/core';
import type { MapProductAttrs } from './attributes.js';
import { mapConvolutionOps } from './definition.js';

/**
 * The product behind every convolution: `y[out] = activation(bias + residual[out] + sum over offsets k and pairs (in, out)
 * of k of x[in] * filter[k])`.
 *
 * @param x      `[inSites, inChannels]`
 * @param filter `[offsets, inChannels / groups, outChannels]`; `[offsets, outChannels, inChannels]` when `isAdjoint`
 * @param groups blocks of channels: block `g` of the output channels sees block `g` of the input channels
 * @returns      `[outSites, outChannels]`
 */
export function mapConvolution(
  x: Tensor2D,
  filter: Tensor3D,
  attrs: MapProductAttrs,
  epilogue: Epilogue<Tensor2D> = {},
  groups = 1,
): Tensor2D {
  if (groups > 1) return tidy(() => convolveGroups(x, filter, attrs, epilogue, groups));
  const { bias, residual, activation = 'linear' } = epilogue;
  return runFused(mapConvolutionOps, { x, filter, bias, residual }, { ...attrs, activation }) as Tensor2D;
}

function convolveGroups(
  x: Tensor2D,
  filter: Tensor3D,
  attrs: MapProductAttrs,
  { bias, residual, activation }: Epilogue<Tensor2D>,
  groups: number,
): Tensor2D {
  const blocks: Tensor2D[] = split(x, groups, 1);
  const filters: Tensor3D[] = split(filter, groups, 2);
  const biases: Tensor1D[] | undefined = bias && split(bias, groups);
  const residuals: Tensor2D[] | undefined = residual && split(residual, groups, 1);
  const convolve = (block: Tensor2D, g: number) =>
    mapConvolution(block, filters[g], attrs, { bias: biases?.[g], residual: residuals?.[g], activation });
  return concat(blocks.map(convolve), 1);
}
