import { requireRange, requireType } from '@tfjs-sparse/core';
import { blockMask, type BlockPattern } from '../masks/blocks.js';
import { globalMP } from '../masks/global-mp.js';
import type { Mask } from '../masks/keep-largest.js';
import { globalMagnitudeMasks, magnitudeMask } from '../masks/magnitude.js';
import { structuredMask, type StructuredPattern } from '../masks/structured.js';
import type { PrunableWeight } from '../model/prunable-weight.js';
import type { SparsitySchedule } from '../schedules/sparsity-schedule.js';
import type { SparsityMethod, TrainingState } from './sparsity-method.js';

export interface MagnitudePruningOptions {
  readonly schedule: SparsitySchedule;
  /** Whether every layer gets the schedule's sparsity (default) or all layers together. */
  readonly scope?: 'layer' | 'global';
  /** For the scope `global`: share of all weights that each layer keeps at least, as `globalMP` has it; default none. */
  readonly minimumPerLayer?: number;
}

/** Gradual magnitude pruning (Zhu and Gupta 2017): the smallest weights go, more of them as the schedule says. */
export function magnitudePruning(options: MagnitudePruningOptions): SparsityMethod {
  const { schedule, scope = 'layer', minimumPerLayer = 0 } = options;
  requireRange(scope === 'layer' || scope === 'global', 'magnitudePruning', "scope must be 'layer' or 'global'", scope);
  return scheduledPruning(schedule, (values, sparsity) => {
    if (scope === 'layer') return values.map((weights) => magnitudeMask(weights, sparsity));
    if (minimumPerLayer === 0) return globalMagnitudeMasks(values, sparsity);
    return [...globalMP(values, sparsity, minimumPerLayer).masks];
  });
}

/** Gradual pruning of blocks of consecutive outputs, for kernels that compute with such blocks. */
export function blockPruning({ schedule, ...pattern }: BlockPattern & { schedule: SparsitySchedule }): SparsityMethod {
  return scheduledPruning(schedule, (values, sparsity, weights) =>
    values.map((layer, i) => blockMask(layer, weights[i].layout, sparsity, pattern)),
  );
}

/** Gradual pruning of whole outputs or inputs. */
export function structuredPruning(options: StructuredPattern & { schedule: SparsitySchedule }): SparsityMethod {
  const { schedule, ...pattern } = options;
  return scheduledPruning(schedule, (values, sparsity, weights) =>
    values.map((layer, i) => structuredMask(layer, weights[i].layout, sparsity, pattern)),
  );
}

/** Makes the masks of all layers anew at the schedule's updates; a training that goes on has its masks at once. */
function scheduledPruning(
  schedule: SparsitySchedule,
  masksOf: (values: readonly Float32Array[], sparsity: number, weights: readonly PrunableWeight[]) => Mask[],
): SparsityMethod {
  requireType(typeof schedule?.sparsityAt === 'function', 'pruning', 'schedule must be a SparsitySchedule', schedule);
  const prune = async ({ weights, step }: TrainingState): Promise<void> => {
    const values = await Promise.all(weights.map((weight) => weight.values()));
    const masks = masksOf(values, schedule.sparsityAt(step), weights);
    weights.forEach((weight, i) => weight.setMask(masks[i]));
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
