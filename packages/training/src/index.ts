export { exponentialDecay, gradientFlow, linearDecay, type MaskDecay } from './gradients/gradient-flow.js';
export { hyperSparseGradient, hyperSparseScale } from './gradients/hyper-sparse.js';
export { srSte } from './gradients/sr-ste.js';
export { erdosRenyi, erdosRenyiKernel, uniform, type Allocation, type ErdosRenyiOptions } from './masks/allocation.js';
export { aspBestMask, aspGreedyMask } from './masks/asp.js';
export { blockMask, type BlockPattern } from './masks/blocks.js';
export { globalMP, type GlobalMP } from './masks/global-mp.js';
export { keepLargest, type Mask, type Scores } from './masks/keep-largest.js';
export { kernelLayout, type KernelLayout } from './masks/kernel-layout.js';
export { globalMagnitudeMasks, magnitudeMask, pruneFurther } from './masks/magnitude.js';
export { firstGroupBeyond, nOfMMask, type NOfM } from './masks/n-of-m.js';
export { keepMore, randomMask } from './masks/random.js';
export { dropAndGrow, dropAroundZero, rewireRandomly } from './masks/rewire.js';
export { signalToNoise } from './masks/signal-to-noise.js';
export { structuredMask, type StructuredPattern } from './masks/structured.js';
export {
  randomPruning,
  rigl,
  set,
  type DynamicTrainingOptions,
  type RandomPruningOptions,
} from './methods/dynamic-training.js';
export { hyperSparse, type HyperSparseOptions } from './methods/hyper-sparse.js';
export {
  iterativeSoftShrinkage,
  softShrinkageMask,
  softShrunk,
  type SoftShrinkageOptions,
} from './methods/iterative-soft-shrinkage.js';
export { lotteryTicket, type LotteryTicketOptions } from './methods/lottery-ticket.js';
export {
  blockPruning,
  magnitudePruning,
  structuredPruning,
  type MagnitudePruningOptions,
} from './methods/magnitude-pruning.js';
export { nmPruning, type NMPruningOptions } from './methods/nm-pruning.js';
export type { ForwardWeight, SparsityMethod, TrainingState } from './methods/sparsity-method.js';
export type { PrunableWeight } from './model/prunable-weight.js';
export type { LayerFilter, LayerSelection } from './model/select-weights.js';
export { sparsitySummary, type LayerSparsity } from './model/sparsity-summary.js';
export { hessian, sparseGPT, type SparseGPTOptions, type SparseGPTResult } from './saliency/sparse-gpt.js';
export { InputPowers, perOutputMask, wandaScores } from './saliency/wanda.js';
export { cosineFraction, type FractionSchedule } from './schedules/fraction-schedule.js';
export {
  densifyStages,
  fineStages,
  sparsifyStages,
  type PatternStage,
  type StageOptions,
} from './schedules/pattern-stages.js';
export {
  constantSchedule,
  polynomialSchedule,
  type PolynomialScheduleOptions,
  type SparsitySchedule,
  type UpdateSteps,
} from './schedules/sparsity-schedule.js';
export { Sparsifier, type SparsifierOptions } from './sparsifier.js';
export { strip, type Replace, type StripOptions, type StrippedModel } from './strip.js';
