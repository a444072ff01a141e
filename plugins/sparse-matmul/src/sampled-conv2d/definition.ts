import type { OpDefinition } from '@tfjs-sparse/core';
import { tapTable } from '../conv2d/webgpu.js';
import type { SampledConv2D } from './attributes.js';
import { sampledConv2DCpu } from './cpu.js';
import { sampledConv2DWasm } from './wasm.js';
import { sampledConv2DWebgpu } from './webgpu.js';

export const sampledConv2DOp: OpDefinition<SampledConv2D> = {
  name: 'SparseSampledConv2D',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { values: 'float32' },
  kernels: { cpu: sampledConv2DCpu, wasm: sampledConv2DWasm, webgpu: sampledConv2DWebgpu },
  tables: (attrs) => [attrs.pattern.blocks.rows, tapTable(attrs)],
};
