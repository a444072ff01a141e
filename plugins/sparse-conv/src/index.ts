import './register.js';

export {
  CoordinateMap,
  inGivenOrder,
  inSiteOrder,
  siteBatchNorm,
  siteMoments,
  siteNormalize,
  SparseTensor,
  sparseTensor,
} from '@tfjs-sparse/core';
export type { Epilogue, FusedActivation, Reduction } from '@tfjs-sparse/core';
export { siteBroadcast, type BroadcastMode } from './broadcast/op.js';
export {
  sparseDepthwiseConv,
  submDepthwiseConv,
  type SparseDepthwiseConvOptions,
  type SubmDepthwiseConvOptions,
} from './depthwise-conv/op.js';
export { completionAdd } from './completion-add/op.js';
export { fromDense, fromDenseNonzero, toDense, type DenseOptions } from './dense/op.js';
export { devoxelize } from './devoxelize/op.js';
export { pointWeights, type PointWeights, type PointWeightsOptions } from './devoxelize/point-weights.js';
export { globalPool } from './global-pool/op.js';
export { groupNorm, type GroupNormOptions } from './group-norm/op.js';
export { heightCompression, type HeightCompressionOptions } from './height-compression/op.js';
export { instanceNorm, type InstanceNormOptions } from './instance-norm/op.js';
export { integerSpikes } from './integer-spikes/op.js';
export { sparseInverseConv, type SparseInverseConvOptions } from './inverse-conv/op.js';
export { maskedConv2D, type MaskedConvOptions } from './masked-conv/op.js';
export { PatchMask } from './masked-conv/patch-mask.js';
export {
  sparseAveragePool,
  sparseMaxPool,
  sparseSumPool,
  type AveragePoolOptions,
  type PoolDivisor,
  type PoolOptions,
} from './pool/op.js';
export { reduceAxis } from './reduce-axis/op.js';
export {
  cropSites,
  pruneByScore,
  pruneSites,
  scoreMask,
  selectSites,
  type CropOptions,
  type ScoreRule,
} from './select-sites/op.js';
export { sparseConv, type SparseConvOptions } from './sparse-conv/op.js';
export { splat, type SplatOptions } from './splat/op.js';
export { submConv, type SubmConvOptions } from './subm-conv/op.js';
export { sparseAdd, sparseConcatenate, sparseMultiply } from './union/op.js';
export { sparseUnpool, type UnpoolOptions } from './unpool/op.js';
export { sparseConvTranspose, type SparseConvTransposeOptions } from './transposed-conv/op.js';
export { voxelize, type VoxelizeOptions, type VoxelReduction } from './voxelize/op.js';
