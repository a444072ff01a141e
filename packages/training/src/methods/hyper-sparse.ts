import { mul, tidy } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { hyperSparseGradient, hyperSparseScale } from '../gradients/hyper-sparse.js';
import { globalMagnitudeMasks } from '../masks/magnitude.js';
import { nonZeros } from '../model/sparsity-summary.js';
import type { SparsityMethod, TrainingState } from './sparsity-method.js';

/** Epochs whose accuracies are averaged before the masks are fixed, as published. */
const averagedEpochs = 3;

export interface HyperSparseOptions {
  /** Share of all layers' weights that is pruned in the end. */
  readonly sparsity: number;
  readonly stepsPerEpoch: number;
  /** Epochs before the penalty begins; 60 as published. */
  readonly warmupEpochs: number;
  /** Epoch by whose end the masks are fixed at the latest. */
  readonly lastEpoch: number;
  /**
   * Accuracy of the model as it is. Where it is given, the masks are fixed as soon as the pruned weights are on average
   * better than the dense ones, over three epochs.
   */
  readonly accuracy?: () => Promise<number>;
  /** Weight of the penalty in its first epoch; default 5e-6. */
  readonly lambda?: number;
  /** What it is multiplied by after every epoch; default 1.05. */
  readonly growth?: number;
}

/**
 * Adaptive regularized training (ART, Glandorf et al. 2023): a penalty that grows sorts the weights into those that stay
 * and those that vanish, until pruning costs nothing; then the masks are fixed over all layers together.
 */
export function hyperSparse(options: HyperSparseOptions): SparsityMethod {
  const { sparsity, stepsPerEpoch, warmupEpochs, lastEpoch, lambda = 5e-6, growth = 1.05 } = options;
  requireRange(stepsPerEpoch >= 1, 'hyperSparse', 'stepsPerEpoch must be at least 1', stepsPerEpoch);
  requireRange(lastEpoch > warmupEpochs, 'hyperSparse', `lastEpoch must be above ${warmupEpochs}`, lastEpoch);
  const accuracies = { dense: [] as number[], pruned: [] as number[] };
  let scale: number | undefined; // undefined outside of the epochs with the penalty
  const epochOf = (step: number): number => Math.floor(step / stepsPerEpoch);
  const measure = async ({ weights, step }: TrainingState): Promise<void> => {
    const isPenalized = epochOf(step) >= warmupEpochs && !weights.some(({ mask }) => mask);
    const values = isPenalized ? await Promise.all(weights.map((weight) => weight.values())) : [];
    scale = values.length > 0 ? hyperSparseScale(values, sparsity) : undefined;
  };
  return {
    begin: async (state) => {
      if (epochOf(state.step) >= lastEpoch)
        for (const weight of state.weights) weight.setMask(nonZeros(await weight.values()));
      await measure(state);
    },
    update: async (state) => {
      if (scale !== undefined && state.step % stepsPerEpoch === 0)
        if (epochOf(state.step) >= lastEpoch || (await isPruningFree(state, options, accuracies)))
          await pruneAll(state, sparsity);
      await measure(state);
    },
    regularize: (weights, step) => {
      if (scale === undefined) return undefined;
      const strength = lambda * growth ** (epochOf(step) - warmupEpochs);
      const kernels = weights.map(({ variable }) => variable.read());
      return tidy(() => hyperSparseGradient(kernels, scale!).map((gradient) => mul(gradient, strength)));
    },
  };
}

async function isPruningFree(
  { weights }: TrainingState,
  { accuracy, sparsity }: HyperSparseOptions,
  accuracies: { dense: number[]; pruned: number[] },
): Promise<boolean> {
  if (!accuracy) return false;
  accuracies.dense.push(await accuracy());
  const values = await Promise.all(weights.map((weight) => weight.values()));
  const masks = globalMagnitudeMasks(values, sparsity);
  weights.forEach((weight, i) => weight.setValues(values[i].map((value, j) => value * masks[i][j])));
  try {
    accuracies.pruned.push(await accuracy());
  } finally {
    weights.forEach((weight, i) => weight.setValues(values[i]));
  }
  const mean = (list: number[]): number => list.slice(-averagedEpochs).reduce((sum, value) => sum + value, 0);
  return accuracies.pruned.length >= averagedEpochs && mean(accuracies.pruned) > mean(accuracies.dense);
}

async function pruneAll({ weights }: TrainingState, sparsity: number): Promise<void> {
  const values = await Promise.all(weights.map((weight) => weight.values()));
  globalMagnitudeMasks(values, sparsity).forEach((mask, i) => weights[i].setMask(mask));
}
