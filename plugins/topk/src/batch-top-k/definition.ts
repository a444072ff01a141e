import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import { toDenseOp } from '../to-dense/definition.js';
import type { BatchTopK } from './attributes.js';
import { batchTopKCpu } from './cpu.js';
import { batchTopKWasm } from './wasm.js';
import { batchTopKWebgpu } from './webgpu.js';

export const batchTopKOp: OpDefinition<BatchTopK> = {
  name: 'SparseBatchTopK',
  inputs: { x: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  kernels: { cpu: batchTopKCpu, wasm: batchTopKWasm, webgpu: batchTopKWebgpu },
  gradient: {
    save: [],
    saveOutputs: ['indices'],
    gradients: ({ values }, { indices }, { elements }) => ({
      x: () => runOp(toDenseOp, { values, indices }, { width: elements }).dense,
    }),
  },
};
