import './register.js';

export { batchTopK, type BatchTopKOptions } from './batch-top-k/op.js';
export { encodeTopK, type EncodeTopKOptions } from './encode-top-k/op.js';
export { featureChoice, zipfCounts, type FeatureChoiceOptions, type ZipfCountsOptions } from './feature-choice/op.js';
export { gaussianTopK, type GaussianTopKOptions } from './gaussian-top-k/op.js';
export { groupMax, type GroupMaxOptions } from './group-max/op.js';
export { jumpReLU, jumpStep, type JumpReLUOptions } from './jump-relu/op.js';
export type { KSparse } from './k-sparse/k-sparse.js';
export { kWinners, type KWinnersOptions } from './k-winners/op.js';
export { kSparseToDense, takeEntries, type KSparseToDenseOptions } from './to-dense/op.js';
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
export { denseCode, type AutoencoderCode } from './sparse-autoencoder/code.js';
export type { AutoencoderLibrary, AuxiliaryLoss } from './sparse-autoencoder/auxiliary-loss.js';
export {
  gradientScores,
  removeParallelGradient,
  tokensSinceFired,
  underusedFeatures,
} from './sparse-autoencoder/training.js';
export {
  autoencoderLoss,
  needsPreActivations,
  type AutoencoderLoss,
  type AutoencoderLossTerms,
  type SparsityLoss,
} from './sparse-autoencoder/losses.js';
export { autoencode, type Autoencoded, type AutoencodeOptions } from './sparse-autoencoder/op.js';
export type { AutoencoderSettings } from './sparse-autoencoder/settings.js';
export {
  fractionOfVarianceUnexplained,
  firingCounts,
  meanL0,
  normalizedMeanSquaredError,
} from './sparse-autoencoder/statistics.js';
export type { AutoencoderWeights } from './sparse-autoencoder/weights.js';
export { sparseMLP, type SparseMLPOptions, type SparseMLPWeights } from './sparse-mlp/op.js';
