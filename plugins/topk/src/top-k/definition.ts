import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import { toDenseOp } from '../to-dense/definition.js';
import type { TopK } from './attributes.js';
import { topKCpu } from './cpu.js';
import { topKWasm } from './wasm.js';
import { topKWebgpu } from './webgpu.js';

export const topKOp: OpDefinition<TopK> = {
  name: 'SparseTopK',
  inputs: { x: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  kernels: { cpu: topKCpu, wasm: topKWasm, webgpu: topKWebgpu },
  gradient: {
    save: [],
    saveOutputs: ['indices'],
    gradients: ({ values }, { indices }, { width }) => ({
      x: () => runOp(toDenseOp, { values, indices }, { width }).dense,
    }),
  },
  tables: ({ counts }) => (counts ? [counts] : []),
};
