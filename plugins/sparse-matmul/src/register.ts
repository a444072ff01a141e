import { convFilterGradientOp } from './conv-filter-gradient/op.js';
import { depthwiseFilterGradientOp, depthwiseInputGradientOp } from './depthwise-gradients/op.js';
import { clampedPatternMatMulOp, patternMatMulOp } from './matmul/op.js';
import {
  clampedQuantizedMatMulOp,
  quantizedGroupProductsOp,
  quantizedInputGradientOp,
  quantizedMatMulOp,
} from './quantized-matmul/op.js';
import { separableConv2DOp } from './separable-conv2d/op.js';
import { sampledProductOp } from './sampled-product/op.js';
import { addThreadedBinaries, gatherRowsOp, registerOp, sumRowsOp } from '@tfjs-sparse/core';
import { aggregateOp, argmaxOp, entryProductsOp, maxGradientOp, weightedAggregateOp } from './graph-aggregate/op.js';
import { rowDotsOp, spgemmOp } from './spgemm/op.js';
import { zeroSkipMatMulOp } from './zero-skip-matmul/op.js';
import { binaries } from './wasm-binaries.js';
import { activatedDepthwiseConv2DOp, depthwiseConv2DOp } from './depthwise-conv2d/op.js';

/** Calls `register` with every op; conformance puts the plain kernels on the cpu backend with it. */
export function forEachOp(register: typeof registerOp): void {
  register(gatherRowsOp);
  register(sumRowsOp);
  register(convFilterGradientOp);
  register(depthwiseConv2DOp);
  register(activatedDepthwiseConv2DOp);
  register(depthwiseInputGradientOp);
  register(depthwiseFilterGradientOp);
  register(patternMatMulOp);
  register(clampedPatternMatMulOp);
  register(separableConv2DOp);
  register(sampledProductOp);
  register(aggregateOp);
  register(weightedAggregateOp);
  register(argmaxOp);
  register(maxGradientOp);
  register(entryProductsOp);
  register(quantizedMatMulOp);
  register(clampedQuantizedMatMulOp);
  register(quantizedInputGradientOp);
  register(quantizedGroupProductsOp);
  register(zeroSkipMatMulOp);
  register(spgemmOp);
  register(rowDotsOp);
}

forEachOp(registerOp);
addThreadedBinaries(binaries);
