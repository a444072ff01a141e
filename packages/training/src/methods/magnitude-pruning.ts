import { globalMagnitudeMasks, magnitudeMask } from '../masks/magnitude.js';
import type { Mask, Scores } from '../masks/keep-largest.js';
import type { SparsitySchedule } from '../schedules/sparsity-schedule.js';
import type { SparsityMethod, TrainingState } from './sparsity-method.js';

export interface MagnitudePruningOptions {
  readonly schedule: SparsitySchedule;
  /** Whether every layer gets the schedule's sparsity (default) or all layers together. */
  readonly scope?: 'layer' | 'global';
}

/** Gradual magnitude pruning (Zhu and Gupta 2017): the smallest weights go, more of them as the schedule says. */
export function magnitudePruning({ schedule, scope = 'layer' }: MagnitudePruningOptions): SparsityMethod {
  const masksOf = (layers: readonly Scores[], sparsity: number): Mask[] =>
    scope === 'layer'
      ? layers.map((weights) => magnitudeMask(weights, sparsity))
      : globalMagnitudeMasks(layers, sparsity);
  return scheduledPruning(schedule, masksOf);
}

/** Makes the masks of all layers anew at the schedule's updates; a training that goes on has its masks at once. */
export function scheduledPruning(
  schedule: SparsitySchedule,
  masksOf: (layers: readonly Scores[], sparsity: number, state: TrainingState) => Mask[],
): SparsityMethod {
  const prune = async (state: TrainingState): Promise<void> => {
    const layers = await Promise.all(state.weights.map((weight) => weight.values()));
    const masks = masksOf(layers, schedule.sparsityAt(state.step), state);
    state.weights.forEach((weight, i) => weight.setMask(masks[i]));
  };
  return {
    begin: async (state) => {
      if (schedule.sparsityAt(state.step) > 0) await prune(state);
    },
    update: async (state) => {
      if (schedule.isUpdate(state.step)) await prune(state);
    },
  };
}
