import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { TakeEntries, ToDense } from './attributes.js';
import { takeEntriesCpu, toDenseCpu } from './cpu.js';
import { takeEntriesWasm, toDenseWasm } from './wasm.js';
import { takeEntriesWebgpu, toDenseWebgpu } from './webgpu.js';

export const toDenseOp: OpDefinition<ToDense> = {
  name: 'SparseRowsToDense',
  inputs: { values: 'float32', indices: 'int32' },
  outputs: { dense: 'float32' },
  kernels: { cpu: toDenseCpu, wasm: toDenseWasm, webgpu: toDenseWebgpu },
  gradient: {
    save: ['indices'],
    gradients: ({ dense }, { indices }) => ({ values: () => runOp(takeEntriesOp, { x: dense, indices }, {}).values }),
  },
};

export const takeEntriesOp: OpDefinition<TakeEntries> = {
  name: 'SparseTakeEntries',
  inputs: { x: 'float32', indices: 'int32' },
  outputs: { values: 'float32' },
  kernels: { cpu: takeEntriesCpu, wasm: takeEntriesWasm, webgpu: takeEntriesWebgpu },
  gradient: {
    save: ['x', 'indices'],
    gradients: ({ values }, { x, indices }) => ({
      x: () => runOp(toDenseOp, { values, indices }, { width: x.shape[x.rank - 1] }).dense,
    }),
  },
};
