import './register.js';

export { batchTopK, type BatchTopKOptions } from './batch-top-k/op.js';
export { encodeTopK, type EncodeTopKOptions } from './encode-top-k/op.js';
export { featureChoice, zipfCounts, type FeatureChoiceOptions, type ZipfCountsOptions } from './feature-choice/op.js';
export { gaussianTopK, type GaussianTopKOptions } from './gaussian-top-k/op.js';
export { groupMax, type GroupMaxOptions } from './group-max/op.js';
export { jumpReLU, jumpStep, type JumpReLUOptions } from './jump-relu/op.js';
export type { KSparse } from './k-sparse/k-sparse.js';
export { kWinners, type KWinnersOptions } from './k-winners/op.js';
export { kSparseToDense, type KSparseToDenseOptions } from './to-dense/op.js';
export {
  headImportance,
  pruneTokens,
  tokenImportance,
  type PrunedTokens,
  type PruneTokensOptions,
} from './token-pruning/op.js';
export { topK, type TopKOptions } from './top-k/op.js';
export { sparseDecode, type SparseDecodeOptions } from './sparse-decode/op.js';
export { sparseEncode, type SparseEncodeOptions } from './sparse-encode/op.js';
