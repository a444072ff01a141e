import type { OpDefinition } from '@tfjs-sparse/core';
import type { SampledProduct } from './attributes.js';
import { sampledProductCpu } from './cpu.js';
import { sampledProductWasm } from './wasm.js';
import { sampledProductWebgpu } from './webgpu.js';

export const sampledProductOp: OpDefinition<SampledProduct> = {
  name: 'SparseSampledProduct',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { values: 'float32' },
  kernels: { cpu: sampledProductCpu, wasm: sampledProductWasm, webgpu: sampledProductWebgpu },
  tables: ({ pattern: { blocks } }) => [blocks.rows, blocks.columns],
};
