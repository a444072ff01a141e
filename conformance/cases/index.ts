import type { LayerDefinition } from '../src/layer-definition.js';
import type { CallCase } from '../src/run-call.js';
import type { TensorOperation } from '../src/tensor-operation.js';
import { badArguments } from './bad-arguments.js';
import { badDepthwise } from './bad-depthwise.js';
import { badGraphs } from './bad-graphs.js';
import { badQuantized } from './bad-quantized.js';
import { badZeroSkip } from './bad-zero-skip.js';
import { badSites } from './bad-sites.js';
import { badWeights } from './bad-weights.js';
import { composedOps } from './composed-ops.js';
import type { OperationCases } from './define-cases.js';
import { depthwiseConv } from './depthwise-conv.js';
import { depthwiseConv2D } from './depthwise-conv2d.js';
import { devoxelize, splat } from './devoxelize.js';
import { foreignFilter } from './foreign-filter.js';
import { globalPool } from './global-pool.js';
import { graphAggregate } from './graph-aggregate.js';
import { groupNorm } from './group-norm.js';
import { groupedConv } from './grouped-conv.js';
import { fromDense } from './from-dense.js';
import { instanceNorm } from './instance-norm.js';
import { kernelShapes } from './kernel-shapes.js';
import { nmMatMul } from './nm-matmul.js';
import { pointOrder } from './point-order.js';
import { quantizedMatMul } from './quantized-matmul.js';
import { selectSites } from './select-sites.js';
import { siteBatchNorm } from './site-batch-norm.js';
import { siteBroadcast } from './site-broadcast.js';
import { sparseConv1x1 } from './sparse-conv1x1.js';
import { sparseConv } from './sparse-conv.js';
import { sparseConvTranspose } from './sparse-conv-transpose.js';
import { sparseInverseConv } from './sparse-inverse-conv.js';
import { sparseMatMul } from './sparse-matmul.js';
import { sparsePool } from './sparse-pool.js';
import { sparseSeparableConv2D } from './sparse-separable-conv2d.js';
import { sparseUnion } from './sparse-union.js';
import { sparseUnpool } from './sparse-unpool.js';
import { spgemm } from './spgemm.js';
import { submConvEpilogue } from './subm-conv-epilogue.js';
import { submConv } from './subm-conv.js';
import { targetSites } from './target-sites.js';
import { toDense } from './to-dense.js';
import { voxelize } from './voxelize.js';
import { zeroSkipMatMul } from './zero-skip-matmul.js';

/** Every op: `cases/<op>.ts` has its cases as data, `golden/<op>.safetensors` what the oracle made of them. */
export const operations: readonly OperationCases[] = [
  voxelize,
  submConv,
  submConvEpilogue,
  sparseConv,
  sparseInverseConv,
  sparsePool,
  sparseUnpool,
  sparseUnion,
  selectSites,
  sparseConvTranspose,
  targetSites,
  kernelShapes,
  groupedConv,
  depthwiseConv,
  globalPool,
  instanceNorm,
  groupNorm,
  siteBroadcast,
  devoxelize,
  splat,
  siteBatchNorm,
  toDense,
  fromDense,
  graphAggregate,
  sparseMatMul,
  nmMatMul,
  depthwiseConv2D,
  sparseSeparableConv2D,
  quantizedMatMul,
  sparseConv1x1,
  zeroSkipMatMul,
  spgemm,
];

/** Calls with a stated behaviour other than values: errors, word for word, and what an order or a backend must not change. */
export const callCases: readonly CallCase[] = [
  ...badSites,
  ...badArguments,
  ...badWeights,
  ...badGraphs,
  ...badDepthwise,
  ...badQuantized,
  ...badZeroSkip,
  ...foreignFilter,
  ...pointOrder,
  ...composedOps,
];

/** The definition that a case file brings for a golden's `op`. */
export function layerDefinition(op: string): LayerDefinition | undefined {
  return operations.flatMap(({ layers }) => layers).find((layer) => layer.op === op);
}

/** The operation on dense tensors that a case file brings for a golden's `op`. */
export function tensorOperation(op: string): TensorOperation | undefined {
  return operations.find((operation) => operation.op === op)?.tensorOperation;
}
