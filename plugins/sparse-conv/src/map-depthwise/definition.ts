import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedOps, runFused, runOp, type KernelMap, type OpDefinition } from '@tfjs-sparse/core';
import type { MapDepthwise, MapDepthwiseFilterGradient } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

const tables = ({ map }: MapDepthwiseFilterGradient['attrs']) => [map.neighbourTable()];

export const mapDepthwiseOps = fusedOps<MapDepthwise>({
  names: { linear: 'SparseMapDepthwise', activated: 'SparseActivatedMapDepthwise' },
  inputs: { x: 'float32', filter: 'float32', bias: 'float32', residual: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.mapDepthwise, wasm: wasm.mapDepthwise, webgpu: webgpu.mapDepthwise },
  gradient: {
    save: ['x', 'filter'],
    gradients: (dy, { x, filter }, { map }) => ({
      x: () => product(dy, filter, map.transposed()),
      filter: () => runOp(mapDepthwiseFilterGradientOp, { x, dy }, { map }).dFilter,
    }),
  },
  tables,
});

/** `dFilter[k] = sum over the pairs (in, out) of k of x[in] * dy[out]`, `[offsets, channels]`. */
const mapDepthwiseFilterGradientOp: OpDefinition<MapDepthwiseFilterGradient> = {
  name: 'SparseMapDepthwiseFilterGradient',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { dFilter: 'float32' },
  kernels: {
    cpu: cpu.mapDepthwiseFilterGradient,
    wasm: wasm.mapDepthwiseFilterGradient,
    webgpu: webgpu.mapDepthwiseFilterGradient,
  },
  gradient: {
    save: ['x', 'dy'],
    gradients: ({ dFilter: filter }, { x, dy }, { map }) => ({
      x: () => product(dy, filter, map.transposed()),
      dy: () => product(x, filter, map),
    }),
  },
  tables,
};

function product(x: Tensor, filter: Tensor, map: KernelMap): Tensor {
  return runFused(mapDepthwiseOps, { x, filter }, { map, activation: 'linear' });
}
