import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { BlockSparseAttention, BlockSparseAttentionGradient } from './attributes.js';
import { blockSparseAttentionCpu } from './cpu.js';
import { blockSparseAttentionGradientCpu } from './gradient-cpu.js';
import { blockSparseAttentionGradientWasm } from './gradient-wasm.js';
import { blockSparseAttentionGradientWebgpu } from './gradient-webgpu.js';
import { blockSparseAttentionWasm } from './wasm.js';
import { blockSparseAttentionWebgpu } from './webgpu.js';
import { gpuKeyPlan, gpuPlan } from './webgpu-plan.js';

export const blockSparseAttentionOp: OpDefinition<BlockSparseAttention> = {
  name: 'SparseBlockAttention',
  inputs: { q: 'float32', k: 'float32', v: 'float32' },
  outputs: { y: 'float32', logSumExp: 'float32' },
  kernels: { cpu: blockSparseAttentionCpu, wasm: blockSparseAttentionWasm, webgpu: blockSparseAttentionWebgpu },
  tables: (attrs) => [gpuPlan(attrs).table],
  gradient: {
    save: ['q', 'k', 'v'],
    saveOutputs: ['y', 'logSumExp'],
    gradients: ({ y: dy }, saved, attrs) => {
      const { dq, dk, dv } = runOp(blockSparseAttentionGradientOp, { ...saved, dy }, attrs);
      return { q: () => dq, k: () => dk, v: () => dv };
    },
  },
};

const blockSparseAttentionGradientOp: OpDefinition<BlockSparseAttentionGradient> = {
  name: 'SparseBlockAttentionGradient',
  inputs: { q: 'float32', k: 'float32', v: 'float32', y: 'float32', logSumExp: 'float32', dy: 'float32' },
  outputs: { dq: 'float32', dk: 'float32', dv: 'float32' },
  kernels: {
    cpu: blockSparseAttentionGradientCpu,
    wasm: blockSparseAttentionGradientWasm,
    webgpu: blockSparseAttentionGradientWebgpu,
  },
  tables: (attrs) => [gpuPlan(attrs).table, gpuKeyPlan(attrs).table],
};
