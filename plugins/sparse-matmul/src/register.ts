import { addThreadedBinaries, registerOp } from '@tfjs-sparse/core';
import { convFilterGradientOp } from './conv-filter-gradient/op.js';
import { depthwiseFilterGradientOp, depthwiseInputGradientOp } from './depthwise-conv2d/gradients.js';
import { clampedPatternMatMulOp, patternMatMulOp } from './matmul/op.js';
import { sampledProductOp } from './sampled-product/op.js';
import * as binaries from './wasm-binaries.js';

/** Calls `register` with every op; conformance puts the plain kernels on the cpu backend with it. */
export function forEachOp(register: typeof registerOp): void {
  register(convFilterGradientOp);
  register(depthwiseInputGradientOp);
  register(depthwiseFilterGradientOp);
  register(patternMatMulOp);
  register(clampedPatternMatMulOp);
  register(sampledProductOp);
}

forEachOp(registerOp);
addThreadedBinaries(binaries);
