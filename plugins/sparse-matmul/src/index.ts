import './register.js';

export { sparseConv2D, type ImageAxes, type SparseConv2DOptions } from './conv2d/op.js';
export { sparseConv1x1, type SparseConv1x1Options } from './conv1x1/op.js';
export type { Epilogue, FusedActivation, Reduction } from '@tfjs-sparse/core';
export { nmMatMul } from './nm-matmul/op.js';
export { chooseFormat, type SparseFormat } from './pattern/choose-format.js';
export {
  keptWeights,
  packWeights,
  unpackWeights,
  type PackedWeights,
  type PackOptions,
} from './pattern/pack-weights.js';
export {
  SparsityPattern,
  type BlockOutputs,
  type GroupRule,
  type SparsityPatternOptions,
} from './pattern/sparsity-pattern.js';
export { randomPattern } from './pattern/random-pattern.js';
export { decodePattern, encodePattern } from './pattern/stored-pattern.js';
export { quantizedMatMul } from './quantized-matmul/op.js';
export {
  dequantizeWeights,
  quantizeWeights,
  type Quantized,
  type QuantizeOptions,
} from './quantized-matmul/quantize.js';
export {
  QuantizedWeights,
  type Bits,
  type GroupSize,
  type QuantizedWeightsOptions,
} from './quantized-matmul/quantized-weights.js';
export { sampledProduct } from './sampled-product/op.js';
export { sparseSeparableConv2D, type SparseSeparableConv2DOptions } from './separable-conv2d/op.js';
export { sparseMatMul } from './sparse-matmul/op.js';
export { graphAggregate, type GraphAggregateOptions } from './graph-aggregate/op.js';
export { SparseMatrix, sparseMatrixOf, type Edges } from './sparse-matrix/sparse-matrix.js';
export { depthwiseConv2D, type DepthwiseConv2DOptions } from './depthwise-conv2d/op.js';
export { activationSparseMatMul, zeroSkipMatMul } from './zero-skip-matmul/op.js';
export { spgemm } from './spgemm/op.js';
