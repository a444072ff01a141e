import { sum, zeros, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { runOp, type KernelMap, type OpDefinition } from '@tfjs-sparse/core';
import { mapFilterGradient } from '../filter-gradient/op.js';
import { mapConvolutionCpu } from './cpu.js';
import { mapConvolutionWasm } from './wasm.js';
import { mapConvolutionTables, mapConvolutionWebgpu } from './webgpu.js';

export type MapConvolutionInput = 'x' | 'filter' | 'bias';

export interface MapConvolutionAttrs {
  readonly map: KernelMap;
  /** Multiplies by the transpose of each offset's matrix, as the gradient for the input does. */
  readonly isAdjoint: boolean;
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
  return runOp(mapConvolutionOp, { x, filter, bias }, attrs) as Tensor2D;
}

export const mapConvolutionOp: OpDefinition<MapConvolutionInput, MapConvolutionAttrs> = {
  name: 'SparseMapConvolution',
  kernels: { cpu: mapConvolutionCpu, wasm: mapConvolutionWasm, webgpu: mapConvolutionWebgpu },
  gradient: {
    save: ['x', 'filter'],
    gradients: (dy, [x, filter], { map, isAdjoint }) => ({
      x: () => mapConvolution(dy as Tensor2D, filter as Tensor3D, { map: map.transposed(), isAdjoint: !isAdjoint }),
      filter: () => filterGradient(x as Tensor2D, dy as Tensor2D, { map, isAdjoint }),
      // tfjs' wasm Sum of no rows returns what it finds in memory.
      bias: () => (dy.shape[0] > 0 ? sum(dy, 0) : zeros([dy.shape[1]!])),
    }),
  },
  tables: mapConvolutionTables,
};

function filterGradient(x: Tensor2D, dy: Tensor2D, { map, isAdjoint }: MapConvolutionAttrs): Tensor {
  return isAdjoint ? mapFilterGradient(dy, x, map.transposed()) : mapFilterGradient(x, dy, map);
}
