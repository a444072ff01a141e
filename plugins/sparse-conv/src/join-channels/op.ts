import { pad, type Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import { joinChannelsCpu, takeChannelsCpu } from './cpu.js';
import { joinChannelsWasm, takeChannelsWasm } from './wasm.js';
import { joinChannelsWebgpu, takeChannelsWebgpu } from './webgpu.js';

export interface TakeChannelsAttrs {
  readonly start: number;
  readonly count: number;
}

/**
 * The channels of two tensors side by side: tfjs' `concat` along axis 1, which moves rows by JavaScript on the wasm
 * backend (four to ten times slower, gradient included; bench minkunet).
 *
 * @param a `[rows, channels of a]`
 * @param b `[rows, channels of b]`
 * @returns `[rows, channels of a + channels of b]`
 */
export function joinChannels(a: Tensor2D, b: Tensor2D): Tensor2D {
  return runOp(joinChannelsOp, { a, b }, {}) as Tensor2D;
}

/** Channels `start` to `start + count` of `x` `[rows, channels]`. The adjoint of `joinChannels`. */
export function takeChannels(x: Tensor2D, start: number, count: number): Tensor2D {
  return runOp(takeChannelsOp, { x }, { start, count }) as Tensor2D;
}

export const joinChannelsOp: OpDefinition<'a' | 'b', object> = {
  name: 'SparseJoinChannels',
  kernels: { cpu: joinChannelsCpu, wasm: joinChannelsWasm, webgpu: joinChannelsWebgpu },
  gradient: {
    save: ['a', 'b'],
    gradients: (dy, [a, b]) => ({
      a: () => takeChannels(dy as Tensor2D, 0, a.shape[1]!),
      b: () => takeChannels(dy as Tensor2D, a.shape[1]!, b.shape[1]!),
    }),
  },
};

export const takeChannelsOp: OpDefinition<'x', TakeChannelsAttrs> = {
  name: 'SparseTakeChannels',
  kernels: { cpu: takeChannelsCpu, wasm: takeChannelsWasm, webgpu: takeChannelsWebgpu },
  gradient: {
    save: ['x'],
    gradients: (dy, [x], { start, count }) => ({
      x: () => pad(dy as Tensor2D, [[0, 0], [start, x.shape[1]! - start - count]]), // prettier-ignore
    }),
  },
};
