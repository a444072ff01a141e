import type { Optimizer } from '@tensorflow/tfjs-core';
import type { CustomCallbackArgs, LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import type { SparsityMethod, TrainingState } from './methods/sparsity-method.js';
import { replaceDuringCall } from './model/masked-forward.js';
import { hookOptimizer } from './model/optimizer-hook.js';
import type { PrunableWeight } from './model/prunable-weight.js';
import { layerSparsity, type LayerSparsity } from './model/sparsity-summary.js';
import { selectWeights, type LayerSelection } from './model/select-weights.js';
import { stripWeights, type StripOptions, type StrippedModel } from './strip.js';

export interface SparsifierOptions extends LayerSelection {
  /** The optimizer of a loop of one's own; default the compiled model's. */
  readonly optimizer?: Optimizer;
  /** Steps that an earlier training has done; default 0. */
  readonly initialStep?: number;
}

/**
 * Makes a model sparse while it trains: with `callback()` in `model.fit`, or by hand with `begin()` before the first and
 * `step()` after every optimizer step.
 */
export class Sparsifier {
  /** Kernels that this makes sparse. */
  readonly weights: readonly PrunableWeight[];
  #step: number;
  #optimizer?: Optimizer;
  #phase: 'new' | 'training' | 'ended' = 'new';
  readonly #undoForward: (() => void)[] = [];
  #undoHook = (): void => {};

  constructor(
    readonly model: LayersModel,
    readonly method: SparsityMethod,
    private readonly options: SparsifierOptions = {},
  ) {
    const { initialStep = 0 } = options;
    requireRange(
      Number.isInteger(initialStep) && initialStep >= 0,
      'sparsifier',
      'initialStep must be >= 0',
      initialStep,
    );
    this.#step = initialStep;
    this.weights = selectWeights(model, options);
  }

  /** Finished optimizer steps. */
  get stepCount(): number {
    return this.#step;
  }

  /** Share of the weights that is pruned. */
  get sparsity(): number {
    const size = this.weights.reduce((sum, weight) => sum + weight.size, 0);
    const pruned = this.weights.reduce((sum, weight) => sum + weight.prunedCount, 0);
    return size === 0 ? 0 : pruned / size;
  }

  /** For `model.fit`, in one list with other callbacks of either kind; several calls of `fit` go on where one ended. */
  callback(): CustomCallbackArgs {
    const nothing = async (): Promise<void> => {};
    const hooks = {
      onTrainBegin: () => this.begin(),
      onBatchEnd: () => this.step(),
      onTrainEnd: nothing,
      onEpochBegin: nothing,
      onEpochEnd: nothing,
      onBatchBegin: nothing,
    };
    // tfjs takes a list that begins with one of its Callback objects as it is and sets these on all members.
    return Object.assign(hooks, { setParams: () => {}, setModel: () => {} });
  }

  /** Makes the first masks and follows the optimizer; later calls only find a newly compiled one. */
  async begin(): Promise<void> {
    this.#requirePhase('begin()', 'new', 'training');
    this.#followOptimizer();
    if (this.#phase === 'training') return;
    this.#phase = 'training';
    await this.method.begin?.(this.#state());
    const { forward } = this.method;
    if (forward) {
      for (const weight of this.weights) {
        const masked = replaceDuringCall(weight, (dense) =>
          weight.maskTensor ? forward(dense, weight.maskTensor, this.#step) : dense,
        );
        this.#undoForward.push(masked);
      }
    } else this.weights.forEach((weight) => weight.applyMask());
  }

  /** Tells that the optimizer has made a step. */
  async step(): Promise<void> {
    this.#requirePhase('step()', 'training');
    this.#step++;
    await this.method.update(this.#state());
    for (const weight of this.weights) {
      weight.keepGradient(undefined);
      if (!this.method.forward && !weight.isApplied) weight.applyMask();
    }
  }

  /**
   * Ends the training: masks are applied for good, the tensors of this are freed, and `replace` may give layers without
   * zeros.
   */
  async strip(options: StripOptions = {}): Promise<StrippedModel> {
    this.weights.forEach((weight) => weight.applyMask());
    this.dispose();
    const masks = this.weights.map(({ mask, size }) => mask ?? new Uint8Array(size).fill(1));
    return stripWeights(this.model, this.weights, masks, options);
  }

  /** How sparse each layer is by now. */
  summary(): LayerSparsity[] {
    return this.weights.map((weight) => layerSparsity(weight, weight.mask ?? new Uint8Array(weight.size).fill(1)));
  }

  /** Leaves model and optimizer as they are, and frees the masks' tensors. */
  dispose(): void {
    this.#phase = 'ended';
    this.#undoHook();
    this.#undoForward
      .splice(0)
      .reverse()
      .forEach((undo) => undo()); // a layer may have several
    this.weights.forEach((weight) => weight.dispose());
  }

  #requirePhase(call: string, ...phases: string[]): void {
    if (phases.includes(this.#phase)) return;
    const rule = this.#phase === 'new' ? 'begin() must come before step()' : 'strip() and dispose() must come last';
    throw new Error(`sparsifier: ${rule}, got ${call}`);
  }

  #followOptimizer(): void {
    const optimizer = this.options.optimizer ?? this.model.optimizer;
    if (!optimizer) throw new Error('sparsifier: the model must be compiled or options.optimizer given, got neither');
    if (optimizer === this.#optimizer) return;
    this.#undoHook();
    this.#optimizer = optimizer;
    this.#undoHook = hookOptimizer(optimizer, this.weights, {
      isZeroing: !this.method.forward,
      keepsGradient: () => this.method.readsGradient?.(this.#step + 1) ?? false,
      regularize: () => this.method.regularize?.(this.weights, this.#step),
    });
  }

  #state(): TrainingState {
    return { model: this.model, optimizer: this.#optimizer!, weights: this.weights, step: this.#step };
  }
}
