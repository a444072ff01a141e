import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { runOp, type KernelMap, type OpDefinition } from '@tfjs-sparse/core';
import { mapConvolution } from '../map-convolution/op.js';
import { mapFilterGradientCpu } from './cpu.js';
import { mapFilterGradientWasm } from './wasm.js';
import { mapFilterGradientTables, mapFilterGradientWebgpu } from './webgpu.js';

export interface MapFilterGradientAttrs {
  readonly map: KernelMap;
}

/**
 * The gradient of a convolution for its filter: `dFilter[k] = sum over the pairs (in, out) of k of x[in]^T * dy[out]`.
 *
 * @param x  `[inSites, inChannels]`
 * @param dy `[outSites, outChannels]`
 * @returns  `[offsets, inChannels, outChannels]`
 */
export function mapFilterGradient(x: Tensor2D, dy: Tensor2D, map: KernelMap): Tensor3D {
  return runOp(mapFilterGradientOp, { x, dy }, { map }) as Tensor3D;
}

export const mapFilterGradientOp: OpDefinition<'x' | 'dy', MapFilterGradientAttrs> = {
  name: 'SparseMapFilterGradient',
  kernels: { cpu: mapFilterGradientCpu, wasm: mapFilterGradientWasm, webgpu: mapFilterGradientWebgpu },
  gradient: {
    save: ['x', 'dy'],
    gradients: (dFilter, [x, dy], { map }) => ({
      x: () => mapConvolution(dy as Tensor2D, dFilter as Tensor3D, { map: map.transposed(), isAdjoint: true }),
      dy: () => mapConvolution(x as Tensor2D, dFilter as Tensor3D, { map, isAdjoint: false }),
    }),
  },
  tables: mapFilterGradientTables,
};
