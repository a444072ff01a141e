import './register.js';

export { CoordinateMap, SparseTensor, sparseTensor } from '@tfjs-sparse/core';
export { adaSnapKV, type AdaSnapKVOptions } from './ada-snap-kv/op.js';
export {
  AttentionMask,
  type KeyRange,
  type MaskExtent,
  type QueryPlace,
  type VisibleKeys,
} from './attention-masks/attention-mask.js';
export { blockLists, type BlockListsOptions } from './attention-masks/block-lists.js';
export { causalMask, headMasks, maskUnion } from './attention-masks/combinations.js';
export { maskOfPattern, type MaskPattern } from './attention-masks/mask-pattern.js';
export {
  diagonals,
  globalTokens,
  sinkTokens,
  slidingWindow,
  strided,
  verticalStripes,
  type SlidingWindowOptions,
} from './attention-masks/patterns.js';
export {
  attentionPooling,
  type AttentionPoolingOptions,
  type AttentionPoolingWeights,
} from './attention-pooling/op.js';
export { blockSparseAttention, type BlockSparseAttentionOptions } from './block-sparse-attention/op.js';
export { convolutionBranch, type ConvolutionBranchWeights } from './convolution-branch/op.js';
export { dsvtBlock, type DSVTBlockOptions, type DSVTBlockWeights, type DSVTLayerWeights } from './dsvt-block/op.js';
export { blockTopK, type BlockTopKOptions } from './block-top-k/op.js';
export { topForSparsity } from './block-top-k/top-for-sparsity.js';
export type { ColumnsAndDiagonals, ColumnsAndOffsets } from './columns-and-diagonals/pattern.js';
export { headPlanMask, readHeadPlan, type HeadPlan } from './choose-head-masks/head-plan.js';
export { chooseHeadMasks, type AttentionSample, type ChooseHeadMasksOptions } from './choose-head-masks/op.js';
export { dsvtSets, type DsvtSetsOptions } from './dsvt-sets/op.js';
export { flatFormerBlock, flatFormerBlockGroups, type FlatFormerBlockOptions } from './flat-former-block/op.js';
export { flatFormerGroups, type FlatFormerGroupsOptions } from './flat-former-groups/op.js';
export { gelu, type GeluOptions } from './gelu/op.js';
export type { GeluApproximation } from './gelu/attributes.js';
export { flexPrefill, type FlexPrefillOptions } from './flex-prefill/op.js';
export { gatherTokens } from './kept-tokens/gather-tokens.js';
export { grapher, type GrapherWeights } from './grapher/op.js';
export type { KeptTokensOptions } from './kept-tokens/token-scores.js';
export { layerNorm, type LayerNormOptions } from './layer-norm/op.js';
export type { LinearActivation } from './linear/attributes.js';
export { linear, type LinearOptions } from './linear/op.js';
export { litePTBlock, type LitePTBlockOptions, type LitePTBlockWeights } from './lite-pt-block/op.js';
export {
  pointTransformerV3Block,
  type PointTransformerV3BlockOptions,
  type PointTransformerV3BlockWeights,
} from './point-transformer-block/op.js';
export { maxRelative, type MaxRelativeOptions } from './max-relative/op.js';
export { maxRelativeConv, type MaxRelativeConvOptions } from './max-relative-conv/op.js';
export type { BatchNormalization, PointwiseWeights } from './max-relative-conv/pointwise.js';
export { pointRope, type PointRopeOptions } from './point-rope/op.js';
export { quest, type QuestOptions } from './quest/op.js';
export { pageBounds, type PageBounds } from './quest/page-bounds.js';
export { selectBlocks, type SelectBlocksOptions } from './select-blocks/op.js';
export { selectedBlockAttention, type SelectedBlockAttentionOptions } from './selected-block-attention/op.js';
export { serializedPatches, type Serialization, type SerializedPatchesOptions } from './serialized-patches/op.js';
export {
  serializedPooling,
  serializedUnpooling,
  type ProjectionWeights,
  type SerializedPoolingOptions,
  type SerializedUnpoolingWeights,
} from './serialized-pooling/op.js';
export { setAttentionWeights, type AttentionOfSite } from './set-attention/attention-weights.js';
export { setAttention, type SetAttentionOptions, type SetAttentionWeights } from './set-attention/op.js';
export {
  setDotProductAttention,
  type RelativePositionBias,
  type SetDotProductAttentionOptions,
} from './set-dot-product-attention/op.js';
export { setEncoder, type Normalization, type SetEncoderOptions, type SetEncoderWeights } from './set-encoder/op.js';
export { sinusoidalPositions, type SinusoidalPositionsOptions } from './sinusoidal-positions/op.js';
export { siteSets, type OwnSets } from './site-sets/own-sets.js';
export { SiteSets, type SetTables } from './site-sets/site-sets.js';
export { snapKV } from './snap-kv/op.js';
export { sparseDBlocks, type SparseDBlocksOptions } from './sparse-d-blocks/op.js';
export { sparsifinerAttention, type SparsifinerOptions, type SparsifinerWeights } from './sparsifiner-attention/op.js';
export type { MaskPredictorOptions, MaskPredictorWeights } from './sparsifiner-attention/predict-keys.js';
export { spAttenTokens, type SpAttenTokensOptions } from './sp-atten-tokens/op.js';
export { verticalSlash, type VerticalSlashOptions } from './vertical-slash/op.js';
export { windowMean } from './window-mean/op.js';
export { windowOffsets, type WindowOffsetsOptions } from './window-offsets/op.js';
export { windows } from './windows/op.js';
export type { WindowOptions } from './window-options.js';
