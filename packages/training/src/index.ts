export { srSte } from './gradients/sr-ste.js';
export { keepLargest, type Mask, type Scores } from './masks/keep-largest.js';
export { kernelLayout, type KernelLayout } from './masks/kernel-layout.js';
export { globalMagnitudeMasks, magnitudeMask } from './masks/magnitude.js';
export { firstGroupBeyond, nOfMMask, type NOfM } from './masks/n-of-m.js';
export { magnitudePruning, type MagnitudePruningOptions } from './methods/magnitude-pruning.js';
export { nmPruning, type NMPruningOptions } from './methods/nm-pruning.js';
export type { ForwardWeight, SparsityMethod, TrainingState } from './methods/sparsity-method.js';
export type { PrunableWeight } from './model/prunable-weight.js';
export type { LayerFilter, LayerSelection } from './model/select-weights.js';
export {
  constantSchedule,
  polynomialSchedule,
  type PolynomialScheduleOptions,
  type SparsitySchedule,
  type UpdateSteps,
} from './schedules/sparsity-schedule.js';
export { Sparsifier, type SparsifierOptions } from './sparsifier.js';
