import { mul, reshape, zerosLike, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { columnSums, runOp, type OpDefinition } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import type { JumpReLU, JumpStep, ThresholdGate } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const jumpReLUOp: OpDefinition<JumpReLU> = {
  name: 'SparseJumpReLU',
  inputs: { x: 'float32', threshold: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.jumpReLUCpu, wasm: wasm.jumpReLUWasm, webgpu: webgpu.jumpReLUWebgpu },
  gradient: {
    save: ['x', 'threshold'],
    gradients: ({ y }, { x, threshold }, { bandwidth }) => ({
      x: () => runOp(thresholdGateOp, { x, threshold, values: y }, { window: null, factor: 1 }).y,
      threshold: () => mul(thresholdGradient(y, x, threshold, bandwidth), threshold),
    }),
  },
};

export const jumpStepOp: OpDefinition<JumpStep> = {
  name: 'SparseJumpStep',
  inputs: { x: 'float32', threshold: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.jumpStepCpu, wasm: wasm.jumpStepWasm, webgpu: webgpu.jumpStepWebgpu },
  gradient: {
    save: ['x', 'threshold'],
    gradients: ({ y }, { x, threshold }, { bandwidth }) => ({
      x: () => zerosLike(x),
      threshold: () => thresholdGradient(y, x, threshold, bandwidth),
    }),
  },
};

const thresholdGateOp: OpDefinition<ThresholdGate> = {
  name: 'SparseThresholdGate',
  inputs: { x: 'float32', threshold: 'float32', values: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.thresholdGateCpu, wasm: wasm.thresholdGateWasm, webgpu: webgpu.thresholdGateWebgpu },
  gradient: {
    save: ['x', 'threshold'],
    gradients: ({ y }, { x, threshold }, gate) => ({
      x: () => zerosLike(x),
      threshold: () => zerosLike(threshold),
      values: () => runOp(thresholdGateOp, { x, threshold, values: y }, gate).y,
    }),
  },
};

/** Sums of -dy / bandwidth over the rows in which x lies inside the window around the threshold. */
function thresholdGradient(dy: Tensor, x: Tensor, threshold: Tensor, bandwidth: number): Tensor {
  const gate = { window: bandwidth, factor: -1 / bandwidth };
  const { y } = runOp(thresholdGateOp, { x, threshold, values: dy }, gate);
  return columnSums(reshape(y, [rowsOf(x.shape), threshold.size]) as Tensor2D);
}
