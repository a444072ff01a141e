import type { OpDefinition } from '@tfjs-sparse/core';
import type { Quest } from './attributes.js';
import { questCpu } from './cpu.js';
import { questWasm } from './wasm.js';
import { questWebgpu } from './webgpu.js';

export const questOp: OpDefinition<Quest> = {
  name: 'SparseQuest',
  inputs: { q: 'float32', least: 'float32', greatest: 'float32' },
  outputs: { pages: 'int32' },
  kernels: { cpu: questCpu, wasm: questWasm, webgpu: questWebgpu },
};
