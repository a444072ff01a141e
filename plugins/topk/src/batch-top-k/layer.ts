import {
  add,
  any,
  fill,
  greater,
  min,
  mul,
  relu,
  reshape,
  tidy,
  where,
  zerosLike,
  type serialization,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange, stopGradient } from '@tfjs-sparse/core';
import { ActivationLayer, onlyInput, type LayerArgs } from '../activation-layer/activation-layer.js';
import { rowsOf } from '../k-sparse/rows-of.js';
import { kSparseToDense } from '../to-dense/op.js';
import { batchTopK } from './op.js';

export interface BatchTopKActivationArgs extends LayerArgs {
  /** How many of each row stay on average; may be a fraction. */
  k: number;
  /** How much of the running threshold stays at each step of training; default 0.99. */
  momentum?: number;
}

/**
 * relu, of which the rows * k greatest of the batch stay while it is trained (BatchTopK, Bussmann et al. 2024). Outside of
 * training each value stays that exceeds a running threshold, so that a row does not depend on the others: the moving
 * average of the least positive value that stayed in each batch, begun by the first.
 */
export class BatchTopKActivation extends ActivationLayer {
  static className = 'BatchTopKActivation';
  private readonly k: number;
  private readonly momentum: number;
  private threshold: LayerVariable | undefined;

  constructor(args: BatchTopKActivationArgs) {
    super(args);
    const { k, momentum = 0.99 } = args;
    requireRange(k >= 0, 'BatchTopKActivation', 'k must be at least 0', k);
    requireRange(momentum >= 0 && momentum < 1, 'BatchTopKActivation', 'momentum must be from 0, below 1', momentum);
    this.k = k;
    this.momentum = momentum;
  }

  override build(inputShape: Shape | Shape[]): void {
    const unset = initializers.constant({ value: -1 });
    this.threshold = this.addWeight('threshold', [], 'float32', unset, undefined, false);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor {
    return tidy(() => {
      const x = relu(onlyInput(inputs));
      if (!kwargs.training) return where(greater(stopGradient(x), this.threshold!.read()), x, zerosLike(x));
      const width = x.shape[x.rank - 1];
      const entries = batchTopK(x, { k: this.k });
      this.threshold!.write(movedThreshold(this.threshold!.read(), entries.values, this.momentum));
      return reshape(kSparseToDense(entries, { width, rows: rowsOf(x.shape) }), x.shape);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), k: this.k, momentum: this.momentum };
  }
}

/** The threshold after a batch with these values; a batch without positive ones does not move it. */
export function movedThreshold(threshold: Tensor, values: Tensor, momentum: number): Tensor {
  if (values.size === 0) return threshold.clone();
  const isPositive = greater(values, 0);
  const least = min(where(isPositive, values, fill(values.shape, Infinity)));
  const moved = where(greater(0, threshold), least, add(mul(threshold, momentum), mul(least, 1 - momentum)));
  return where(any(isPositive), moved, threshold);
}
