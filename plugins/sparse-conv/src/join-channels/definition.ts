import { pad, type Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { JoinChannels, TakeChannels } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const joinChannelsOp: OpDefinition<JoinChannels> = {
  name: 'SparseJoinChannels',
  inputs: { a: 'float32', b: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.joinChannels, wasm: wasm.joinChannels, webgpu: webgpu.joinChannels },
  gradient: {
    save: ['a', 'b'],
    gradients: ({ y: dy }, { a, b }) => ({
      a: () => runOp(takeChannelsOp, { x: dy }, { start: 0, count: a.shape[1]! }).y,
      b: () => runOp(takeChannelsOp, { x: dy }, { start: a.shape[1]!, count: b.shape[1]! }).y,
    }),
  },
};

const takeChannelsOp: OpDefinition<TakeChannels> = {
  name: 'SparseTakeChannels',
  inputs: { x: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.takeChannels, wasm: wasm.takeChannels, webgpu: webgpu.takeChannels },
  gradient: {
    save: ['x'],
    gradients: ({ y: dy }, { x }, { start, count }) => ({
      x: () => pad(dy as Tensor2D, [[0, 0], [start, x.shape[1]! - start - count]]), // prettier-ignore
    }),
  },
};
