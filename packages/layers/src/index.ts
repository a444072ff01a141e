export { predict } from './apply-model.js';
export { popCoordinates, pushCoordinates, withCoordinates } from './coordinate-scope.js';
export { CompositeLayer } from './composite-layer.js';
export { evaluate, type EvaluateOptions } from './evaluate.js';
export { FusedLayer, fusedArgsOf, withoutKernel, type FusedArgs, type KernelSetting } from './fused-layer.js';
export { fit, type CallbackLike, type FitOptions } from './fit.js';
export {
  activationOf,
  initializerOf,
  layerOf,
  regularizerOf,
  serialized,
  type Activation,
  type Constraint,
  type Identifier,
  type Initializer,
  type Regularizer,
} from './registered-objects.js';
export { isModel, layersOf, releaseReplacements, replaceLayers, type LayerReplacement } from './replace-layers.js';
export type { SparseDataset, SparseSample, TargetsPer } from './samples.js';
export { SparseBatchNormalization, type SparseBatchNormalizationArgs } from './sparse-batch-normalization.js';
export { SparseConvolutionLayer, type SparseConvolutionArgs } from './sparse-convolution-layer.js';
export { SparseKernelLayer, type SparseKernelArgs } from './sparse-kernel-layer.js';
export {
  channelsOf,
  featureShape,
  givenTarget,
  hasCoordinates,
  onNewSites,
  sparseInput,
  targetInput,
} from './site-inputs.js';
export { SparseLayer, type LayerArgs } from './sparse-layer.js';
