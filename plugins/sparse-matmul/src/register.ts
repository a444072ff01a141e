import { addThreadedBinaries, forEachWeightedRowOp, registerCoreOps, registerOp } from '@tfjs-sparse/core';
import { convFilterGradientOp } from './conv-filter-gradient/definition.js';
import { depthwiseConv2DOps } from './depthwise-conv2d/definition.js';
import { depthwiseFilterGradientOp, depthwiseInputGradientOp } from './depthwise-gradients/definition.js';
import { patternMatMulOps } from './matmul/definition.js';
import {
  quantizedGroupProductsOp,
  quantizedInputGradientOp,
  quantizedMatMulOps,
} from './quantized-matmul/definition.js';
import { sampledProductOp } from './sampled-product/definition.js';
import { separableConv2DOps } from './separable-conv2d/definition.js';
import { rowDotsOp, spgemmOp } from './spgemm/definition.js';
import { zeroSkipMatMulOps } from './zero-skip-matmul/definition.js';
import { binaries } from './wasm-binaries.js';

/** Calls `register` with every op of this plugin; conformance puts the plain kernels on the cpu backend with it. */
export function forEachOp(register: typeof registerOp): void {
  forEachWeightedRowOp(register);
  register(convFilterGradientOp);
  register(depthwiseConv2DOps.linear);
  register(depthwiseConv2DOps.activated);
  register(depthwiseInputGradientOp);
  register(depthwiseFilterGradientOp);
  register(patternMatMulOps.linear);
  register(patternMatMulOps.activated);
  register(separableConv2DOps.linear);
  register(separableConv2DOps.activated);
  register(sampledProductOp);
  register(quantizedMatMulOps.linear);
  register(quantizedMatMulOps.activated);
  register(quantizedInputGradientOp);
  register(quantizedGroupProductsOp);
  register(zeroSkipMatMulOps.linear);
  register(zeroSkipMatMulOps.activated);
  register(spgemmOp);
  register(rowDotsOp);
}

registerCoreOps();
forEachOp(registerOp);
addThreadedBinaries(binaries);
