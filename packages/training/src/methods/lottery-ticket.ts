import { requireRange } from '@tfjs-sparse/core';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { concatenated, type Mask } from '../masks/keep-largest.js';
import { pruneFurther } from '../masks/magnitude.js';
import { resetOptimizerState } from '../model/optimizer-state.js';
import type { PrunableWeight } from '../model/prunable-weight.js';
import type { SparsityMethod } from './sparsity-method.js';

export interface LotteryTicketOptions {
  /** How often the network is trained, pruned and rewound. */
  readonly rounds: number;
  readonly stepsPerRound: number;
  /** Share of the remaining weights that each round prunes; default 0.2. */
  readonly rate?: number;
  /** Whether each layer loses that share (default) or all layers together. */
  readonly scope?: 'layer' | 'global';
  /** Step of the first round whose weights all rounds go back to; default 0, the initial weights. */
  readonly rewindStep?: number;
}

/**
 * Trains, prunes the smallest weights, and sets all others (biases and statistics too) back to what they were early on
 * (Frankle and Carbin 2019; late rewinding: Frankle et al. 2020). After the last round training goes on with fixed masks.
 */
export function lotteryTicket(options: LotteryTicketOptions): SparsityMethod {
  const { rounds, stepsPerRound, rate = 0.2, scope = 'layer', rewindStep = 0 } = options;
  requireRange(rounds >= 1, 'lotteryTicket', 'rounds must be at least 1', rounds);
  requireRange(rate > 0 && rate < 1, 'lotteryTicket', 'rate must be in (0, 1)', rate);
  const isEarly = rewindStep >= 0 && rewindStep < stepsPerRound;
  requireRange(isEarly, 'lotteryTicket', `rewindStep must be from 0 to ${stepsPerRound - 1}`, rewindStep);
  let early: Float32Array[] = [];
  return {
    begin: async ({ model, step }) => {
      const isFromStart = step <= rewindStep;
      requireRange(isFromStart, 'lotteryTicket', `a training must begin before step ${rewindStep + 1}`, step);
      if (step === rewindStep) early = await valuesOf(model);
    },
    update: async (state) => {
      const { model, optimizer, weights, step } = state;
      if (step === rewindStep) early = await valuesOf(model);
      if (step % stepsPerRound !== 0 || step > rounds * stepsPerRound) return;
      await pruneRound(weights, rate, scope);
      model.weights.forEach((weight, i) => write(weight, early[i]));
      for (const weight of model.weights) await resetOptimizerState(optimizer, weight.name);
    },
  };
}

async function pruneRound(weights: readonly PrunableWeight[], rate: number, scope: 'layer' | 'global'): Promise<void> {
  const values = await Promise.all(weights.map((weight) => weight.values()));
  const masks = weights.map(({ mask, size }) => mask ?? new Uint8Array(size).fill(1));
  if (scope === 'layer') weights.forEach((weight, i) => weight.setMask(pruneFurther(values[i], masks[i], rate)));
  else {
    const all: Mask = Uint8Array.from(concatenated(masks.map((mask) => Float32Array.from(mask))));
    const kept = pruneFurther(concatenated(values), all, rate);
    let end = 0;
    for (const weight of weights) weight.setMask(kept.slice(end, (end += weight.size)));
  }
}

function valuesOf(model: LayersModel): Promise<Float32Array[]> {
  return Promise.all(model.weights.map(async (weight) => (await weight.read().data()).slice() as Float32Array));
}

function write(weight: LayersModel['weights'][number], values: Float32Array): void {
  const value: Tensor = tensor(values, weight.shape as number[], weight.dtype as 'float32');
  weight.write(value);
  value.dispose();
}
