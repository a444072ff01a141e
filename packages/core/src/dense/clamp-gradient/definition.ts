import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpDefinition } from '../../op/definition.js';
import { runOp } from '../../op/run.js';
import type { FusedActivation } from '../epilogue.js';
import type { ClampGradient } from './attributes.js';
import { clampGradientCpu, clampGradientWasm, clampGradientWebgpu } from './kernels.js';

/** `dy` where the activation let the sums through, otherwise 0. `y` is its output, in the shape of `dy`. */
export function clampGradient(dy: Tensor, y: Tensor, activation: FusedActivation): Tensor {
  return runOp(clampGradientOp, { dy, y }, { activation }).dx;
}

export const clampGradientOp: OpDefinition<ClampGradient> = {
  name: 'SparseClampGradient',
  inputs: { dy: 'float32', y: 'float32' },
  outputs: { dx: 'float32' },
  kernels: { cpu: clampGradientCpu, wasm: clampGradientWasm, webgpu: clampGradientWebgpu },
  gradient: {
    save: ['y'],
    gradients: ({ dx }, { y }, { activation }) => ({ dy: () => clampGradient(dx, y, activation) }),
  },
};
