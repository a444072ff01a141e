import type { Tensor2D } from '@tensorflow/tfjs-core';
import { columnSums, runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { LayerNorm, LayerNormGradient } from './attributes.js';
import { layerNormCpu, layerNormGradientCpu } from './cpu.js';
import { layerNormGradientWasm, layerNormWasm } from './wasm.js';
import { layerNormGradientWebgpu, layerNormWebgpu } from './webgpu.js';

export const layerNormOp: OpDefinition<LayerNorm> = {
  name: 'SparseLayerNorm',
  inputs: { x: 'float32', scale: 'float32', offset: 'float32' },
  outputs: { y: 'float32', statistics: 'float32' },
  kernels: { cpu: layerNormCpu, wasm: layerNormWasm, webgpu: layerNormWebgpu },
  gradient: {
    save: ['x', 'scale'],
    saveOutputs: ['statistics'],
    gradients: ({ y: dy }, { x, scale, statistics }) => {
      const { dx, ofScale } = runOp(layerNormGradientOp, { x, scale, statistics, dy }, {});
      return { x: () => dx, scale: () => columnSums(ofScale as Tensor2D), offset: () => columnSums(dy as Tensor2D) };
    },
  },
};

const layerNormGradientOp: OpDefinition<LayerNormGradient> = {
  name: 'SparseLayerNormGradient',
  inputs: { x: 'float32', scale: 'float32', statistics: 'float32', dy: 'float32' },
  outputs: { dx: 'float32', ofScale: 'float32' },
  kernels: { cpu: layerNormGradientCpu, wasm: layerNormGradientWasm, webgpu: layerNormGradientWebgpu },
};
