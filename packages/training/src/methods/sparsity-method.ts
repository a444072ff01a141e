import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PrunableWeight } from '../model/prunable-weight.js';

/** What a method sees of the training. */
export interface TrainingState {
  readonly model: LayersModel;
  readonly optimizer: Optimizer;
  readonly weights: readonly PrunableWeight[];
  /** Finished optimizer steps. */
  readonly step: number;
}

/** What a layer computes with in place of its dense weight; differentiable. */
export type ForwardWeight = (weight: Tensor, mask: Tensor, step: number) => Tensor;

/**
 * How masks come about. Methods keep no tensors: they read and set the weights they are given. An object serves one
 * Sparsifier, for it may remember what happened.
 */
export interface SparsityMethod {
  /** Before the first step, or where an earlier training goes on. */
  begin?(state: TrainingState): Promise<void>;
  /** After every optimizer step. */
  update(state: TrainingState): Promise<void>;
  /** Keeps the dense weights and lets layers compute with this. Without it pruned weights are 0 after every step. */
  readonly forward?: ForwardWeight;
  /** Whether `update` after this step reads `weight.gradient`, the gradient of all weights, pruned ones included. */
  readsGradient?(step: number): boolean;
  /** What is added to the loss's gradients, one tensor per weight. */
  regularize?(weights: readonly PrunableWeight[], step: number): Tensor[] | undefined;
}
