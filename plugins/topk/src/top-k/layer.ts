import { relu, tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { ActivationLayer, onlyInput, type LayerArgs } from '../activation-layer/activation-layer.js';
import { straightThrough } from '../gradients/straight-through.js';
import { kSparseToDense } from '../to-dense/op.js';
import { topK } from './op.js';

export interface TopKActivationArgs extends LayerArgs {
  /** How many of each row (the last axis) stay. */
  k: number;
  /** Whether negative ones among them become 0; default false. */
  relu?: boolean;
  /** Where the gradient goes: to what stayed (`masked`, the default) or to all of the input. */
  gradient?: 'masked' | 'straightThrough';
}

/** The k greatest of each row, 0 elsewhere: the activation of TopK autoencoders and of the Lazy Neuron's transformers. */
export class TopKActivation extends ActivationLayer {
  static className = 'TopKActivation';
  private readonly k: number;
  private readonly isRectified: boolean;
  private readonly gradient: 'masked' | 'straightThrough';

  constructor(args: TopKActivationArgs) {
    super(args);
    const { k, relu = false, gradient = 'masked' } = args;
    requireRange(Number.isInteger(k) && k >= 0, 'TopKActivation', 'k must be an integer from 0', k);
    const isKnown = gradient === 'masked' || gradient === 'straightThrough';
    requireRange(isKnown, 'TopKActivation', "gradient must be 'masked' or 'straightThrough'", gradient);
    this.k = k;
    this.isRectified = relu;
    this.gradient = gradient;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const keep = (x: Tensor) => kSparseToDense(topK(x, { k: this.k }), { width: x.shape[x.rank - 1] });
    return tidy(() => {
      const x = onlyInput(inputs);
      const kept = this.gradient === 'masked' ? keep(x) : straightThrough(x, keep);
      return this.isRectified ? relu(kept) : kept;
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), k: this.k, relu: this.isRectified, gradient: this.gradient };
  }
}
