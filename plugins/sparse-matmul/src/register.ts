import { registerOp } from '@tfjs-sparse/core';
import { convFilterGradientOp } from './conv-filter-gradient/op.js';
import { depthwiseFilterGradientOp, depthwiseInputGradientOp } from './depthwise-conv2d/gradients.js';

/** Calls `register` with every op; conformance puts the plain kernels on the cpu backend with it. */
export function forEachOp(register: typeof registerOp): void {
  register(convFilterGradientOp);
  register(depthwiseInputGradientOp);
  register(depthwiseFilterGradientOp);
}

forEachOp(registerOp);
