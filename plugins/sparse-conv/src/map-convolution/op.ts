import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { runOp, type KernelMap, type OpDefinition } from '@tfjs-sparse/core';
import { mapFilterGradient } from '../filter-gradient/op.js';
import { rectifierGradient } from '../rectifier-gradient/op.js';
import { siteSums } from '../site-sums/op.js';
import { mapConvolutionCpu } from './cpu.js';
import { mapConvolutionWasm } from './wasm.js';
import { mapConvolutionTables, mapConvolutionWebgpu } from './webgpu.js';

export type MapConvolutionInput = 'x' | 'filter' | 'bias' | 'residual';

export interface MapConvolutionAttrs {
  readonly map: KernelMap;
  /** Multiplies by the transpose of each offset's matrix, as the gradient for the input does. */
  readonly isAdjoint: boolean;
}

export interface FusedMapConvolutionAttrs extends MapConvolutionAttrs {
  /** Replaces what is below 0 by 0; NaN stays. */
  readonly isRectified: boolean;
}

/**
 * The product behind every convolution: `y[out] = bias + sum over offsets k and pairs (in, out) of k of x[in] * filter[k]`.
 *
 * @param x      `[inSites, inChannels]`
 * @param filter `[offsets, inChannels, outChannels]`; `[offsets, outChannels, inChannels]` when `isAdjoint`
 * @param bias   `[outChannels]`, default none
 * @returns      `[outSites, outChannels]`
 */
export function mapConvolution(x: Tensor2D, filter: Tensor3D, attrs: MapConvolutionAttrs, bias?: Tensor1D): Tensor2D {
  return runOp(mapConvolutionOp, { x, filter, bias }, { ...attrs, isRectified: false }) as Tensor2D;
}

/** What a layer does to the sums of its convolution in the same pass over the output. */
export interface Epilogue {
  /** `[outSites, outChannels]`, added to the sums. */
  readonly residual?: Tensor2D;
  /** ReLU, after the residual. */
  readonly isRectified: boolean;
}

/** `mapConvolution` with an epilogue. */
export function convolutionWith({ residual, isRectified }: Epilogue): typeof mapConvolution {
  const op = isRectified ? rectifiedMapConvolutionOp : mapConvolutionOp;
  return (x, filter, attrs, bias) => runOp(op, { x, filter, bias, residual }, { ...attrs, isRectified }) as Tensor2D;
}

const kernels = { cpu: mapConvolutionCpu, wasm: mapConvolutionWasm, webgpu: mapConvolutionWebgpu };

/** Apart from `mapConvolutionOp` because its gradient keeps the output, which tfjs copies on the wasm backend. */
export const rectifiedMapConvolutionOp: OpDefinition<MapConvolutionInput, FusedMapConvolutionAttrs> = {
  name: 'SparseRectifiedMapConvolution',
  kernels,
  gradient: {
    save: ['x', 'filter'],
    saveOutput: true,
    gradients: (dy, [x, filter, y], attrs) =>
      gradientsOf(rectifierGradient(dy, y), x as Tensor2D, filter as Tensor3D, attrs),
  },
  tables: mapConvolutionTables,
};

export const mapConvolutionOp: OpDefinition<MapConvolutionInput, FusedMapConvolutionAttrs> = {
  name: 'SparseMapConvolution',
  kernels,
  gradient: {
    save: ['x', 'filter'],
    gradients: (dy, [x, filter], attrs) => gradientsOf(dy, x as Tensor2D, filter as Tensor3D, attrs),
  },
  tables: mapConvolutionTables,
};

function gradientsOf(dy: Tensor, x: Tensor2D, filter: Tensor3D, { map, isAdjoint }: MapConvolutionAttrs) {
  return {
    x: () => mapConvolution(dy as Tensor2D, filter as Tensor3D, { map: map.transposed(), isAdjoint: !isAdjoint }),
    filter: () => filterGradient(x as Tensor2D, dy as Tensor2D, { map, isAdjoint }),
    bias: () => siteSums(dy as Tensor2D),
    residual: () => dy,
  };
}

function filterGradient(x: Tensor2D, dy: Tensor2D, { map, isAdjoint }: MapConvolutionAttrs): Tensor {
  return isAdjoint ? mapFilterGradient(dy, x, map.transposed()) : mapFilterGradient(x, dy, map);
}
