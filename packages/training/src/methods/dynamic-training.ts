import { tensor, type Optimizer } from '@tensorflow/tfjs-core';
import { requireRange, seededRandom } from '@tfjs-sparse/core';
import type { Allocation } from '../masks/allocation.js';
import { magnitudes, type Mask } from '../masks/keep-largest.js';
import { randomMask } from '../masks/random.js';
import { dropAndGrow, rewireRandomly } from '../masks/rewire.js';
import { resetOptimizerState } from '../model/optimizer-state.js';
import type { PrunableWeight } from '../model/prunable-weight.js';
import { nonZeros } from '../model/sparsity-summary.js';
import type { FractionSchedule } from '../schedules/fraction-schedule.js';
import type { SparsityMethod, TrainingState } from './sparsity-method.js';

export interface RandomPruningOptions {
  /** Sparsity of each layer: `erdosRenyiKernel(0.9)`, `erdosRenyi(0.9)` or `uniform(0.9)`. */
  readonly allocation: Allocation;
  /** Default 0. */
  readonly seed?: number;
}

export interface DynamicTrainingOptions extends RandomPruningOptions {
  /** Share of a layer's weights that is replaced in an update: `cosineFraction(0.3, end)` or a constant function. */
  readonly fraction: FractionSchedule;
  /** Steps between two updates; default 100. */
  readonly frequency?: number;
  /** Step of the last update; RigL ends at three quarters of the training. Default: none. */
  readonly end?: number;
}

/** Random masks from the start, which stay (Liu et al. 2022). */
export function randomPruning(options: RandomPruningOptions): SparsityMethod {
  return { begin: (state) => setRandomMasks(state, options), update: async () => {} };
}

/** Sparse from the start; small weights are replaced by random ones (SET, Mocanu et al. 2018). */
export function set(options: DynamicTrainingOptions): SparsityMethod {
  const { seed = 0 } = options;
  return dynamicTraining(options, async (weight, mask, fraction, step, index) =>
    rewireRandomly(await weight.values(), mask, fraction, seededRandom(seed + 1 + step * 1000 + index)),
  );
}

/**
 * Sparse from the start; small weights are replaced by those whose gradient is largest (RigL, Evci et al. 2020). The
 * gradients are those of the step that was just made.
 */
export function rigl(options: DynamicTrainingOptions): SparsityMethod {
  const method = dynamicTraining(options, async (weight, mask, fraction) => {
    if (!weight.gradient) return mask; // the optimizer does not train this layer
    const gradient = (await weight.gradient.data()) as Float32Array;
    return dropAndGrow(mask, magnitudes(await weight.values()), magnitudes(gradient), fraction);
  });
  return { ...method, readsGradient: (step) => isUpdate(step, options) };
}

function dynamicTraining(
  options: DynamicTrainingOptions,
  rewire: (weight: PrunableWeight, mask: Mask, fraction: number, step: number, index: number) => Promise<Mask>,
): SparsityMethod {
  const { frequency = 100 } = options;
  const isFrequency = Number.isInteger(frequency) && frequency >= 1;
  requireRange(isFrequency, 'dynamicTraining', 'frequency must be an integer >= 1', frequency);
  return {
    begin: (state) => setRandomMasks(state, options),
    update: async ({ weights, optimizer, step }) => {
      if (!isUpdate(step, options)) return;
      for (const [index, weight] of weights.entries()) {
        const before = weight.mask!;
        const after = await rewire(weight, before, options.fraction(step), step, index);
        weight.applyMask(); // what grows begins at 0
        weight.setMask(after);
        await forgetGrown(optimizer, weight, before, after);
      }
    },
  };
}

function isUpdate(step: number, { frequency = 100, end = Infinity }: DynamicTrainingOptions): boolean {
  return step > 0 && step <= end && step % frequency === 0;
}

/** Weights that were pruned before begin without momentum. */
async function forgetGrown(optimizer: Optimizer, weight: PrunableWeight, before: Mask, after: Mask): Promise<void> {
  const grown = tensor(
    Float32Array.from(after, (isKept, i) => isKept * (1 - before[i])),
    weight.shape,
  );
  await resetOptimizerState(optimizer, weight.variable.name, grown);
  grown.dispose();
}

/** An earlier training that goes on has its masks in the zeros of its weights. */
async function setRandomMasks({ weights, step }: TrainingState, options: RandomPruningOptions): Promise<void> {
  const { allocation, seed = 0 } = options;
  const sparsities = allocation(weights.map(({ shape }) => shape));
  const random = seededRandom(seed);
  for (const [i, weight] of weights.entries())
    weight.setMask(step > 0 ? nonZeros(await weight.values()) : randomMask(weight.size, sparsities[i], random));
}
