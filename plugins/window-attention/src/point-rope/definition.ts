import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { PointRope } from './attributes.js';
import { pointRopeCpu } from './cpu.js';
import { pointRopeWasm } from './wasm.js';
import { pointRopeWebgpu } from './webgpu.js';

export const pointRopeOp: OpDefinition<PointRope> = {
  name: 'SparsePointRope',
  inputs: { x: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: pointRopeCpu, wasm: pointRopeWasm, webgpu: pointRopeWebgpu },
  tables: ({ turns }) => [turns],
  gradient: {
    save: [],
    gradients: ({ y }, _, attrs) => ({
      x: () => runOp(pointRopeOp, { x: y }, { ...attrs, isBackward: !attrs.isBackward }).y,
    }),
  },
};
