import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { SelectedBlockAttention, SelectedBlockAttentionGradient } from './attributes.js';
import { selectedBlockAttentionCpu, selectedBlockAttentionGradientCpu } from './cpu.js';
import { selectedBlockAttentionGradientWebgpu } from './gradient-webgpu.js';
import { selectedBlockAttentionGradientWasm, selectedBlockAttentionWasm } from './wasm.js';
import { selectedBlockAttentionWebgpu } from './webgpu.js';

export const selectedBlockAttentionOp: OpDefinition<SelectedBlockAttention> = {
  name: 'SparseSelectedBlockAttention',
  inputs: { q: 'float32', k: 'float32', v: 'float32', blocks: 'int32' },
  outputs: { y: 'float32', logSumExp: 'float32' },
  kernels: {
    cpu: selectedBlockAttentionCpu,
    wasm: selectedBlockAttentionWasm,
    webgpu: selectedBlockAttentionWebgpu,
  },
  gradient: {
    save: ['q', 'k', 'v', 'blocks'],
    saveOutputs: ['y', 'logSumExp'],
    gradients: ({ y: dy }, saved, attrs) => {
      const { dq, dk, dv } = runOp(selectedBlockAttentionGradientOp, { ...saved, dy }, attrs);
      return { q: () => dq, k: () => dk, v: () => dv };
    },
  },
};

const selectedBlockAttentionGradientOp: OpDefinition<SelectedBlockAttentionGradient> = {
  name: 'SparseSelectedBlockAttentionGradient',
  inputs: {
    q: 'float32',
    k: 'float32',
    v: 'float32',
    blocks: 'int32',
    y: 'float32',
    logSumExp: 'float32',
    dy: 'float32',
  },
  outputs: { dq: 'float32', dk: 'float32', dv: 'float32' },
  kernels: {
    cpu: selectedBlockAttentionGradientCpu,
    wasm: selectedBlockAttentionGradientWasm,
    webgpu: selectedBlockAttentionGradientWebgpu,
  },
};
