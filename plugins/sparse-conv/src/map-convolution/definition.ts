import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { fusedOps, runFused, runOp, type OpDefinition } from '@tfjs-sparse/core';
import { mapFilterGradientCpu } from '../filter-gradient/cpu.js';
import { mapFilterGradientWasm } from '../filter-gradient/wasm.js';
import { mapFilterGradientWebgpu } from '../filter-gradient/webgpu.js';
import { pairTablesOf } from '../pair-range.js';
import type { MapConvolution, MapFilterGradient, MapProductAttrs } from './attributes.js';
import { mapConvolutionCpu } from './cpu.js';
import { mapConvolutionWasm } from './wasm.js';
import { mapConvolutionWebgpu } from './webgpu.js';

// The gradient of either op is made of both, so they stand together.

export const mapConvolutionOps = fusedOps<MapConvolution>({
  names: { linear: 'SparseMapConvolution', activated: 'SparseActivatedMapConvolution' },
  inputs: { x: 'float32', filter: 'float32', bias: 'float32', residual: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: mapConvolutionCpu, wasm: mapConvolutionWasm, webgpu: mapConvolutionWebgpu },
  gradient: {
    save: ['x', 'filter'],
    gradients: (dy, { x, filter }, { map, isAdjoint }) => ({
      x: () => product(dy, filter, { map: map.transposed(), isAdjoint: !isAdjoint }),
      filter: () => filterGradient(x, dy, { map, isAdjoint }),
    }),
  },
  tables: pairTablesOf,
});

/** `dFilter[k] = sum over the pairs (in, out) of k of x[in]^T * dy[out]`, `[offsets, inChannels, outChannels]`. */
const mapFilterGradientOp: OpDefinition<MapFilterGradient> = {
  name: 'SparseMapFilterGradient',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { dFilter: 'float32' },
  kernels: { cpu: mapFilterGradientCpu, wasm: mapFilterGradientWasm, webgpu: mapFilterGradientWebgpu },
  gradient: {
    save: ['x', 'dy'],
    gradients: ({ dFilter }, { x, dy }, { map }) => ({
      x: () => product(dy, dFilter, { map: map.transposed(), isAdjoint: true }),
      dy: () => product(x, dFilter, { map, isAdjoint: false }),
    }),
  },
  tables: pairTablesOf,
};

function product(x: Tensor, filter: Tensor, attrs: MapProductAttrs): Tensor {
  return runFused(
    mapConvolutionOps,
    { x: x as Tensor2D, filter: filter as Tensor3D },
    { ...attrs, activation: 'linear' },
  );
}

function filterGradient(x: Tensor, dy: Tensor, { map, isAdjoint }: MapProductAttrs): Tensor {
  const [inputs, outputs, pairs] = isAdjoint ? [dy, x, map.transposed()] : [x, dy, map];
  return runOp(mapFilterGradientOp, { x: inputs, dy: outputs }, { map: pairs }).dFilter;
}
