import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { ActivationLayer, onlyInput, type LayerArgs } from '../activation-layer/activation-layer.js';
import { kSparseToDense } from '../to-dense/op.js';
import { groupMax } from './op.js';

export interface GroupMaxArgs extends LayerArgs {
  /** Groups of consecutive values in a row, of each of which the greatest stays. */
  k: number;
}

/** The greatest of each of k groups of a row, 0 elsewhere (`groupmax` of EleutherAI/sparsify). */
export class GroupMax extends ActivationLayer {
  static className = 'GroupMax';
  private readonly k: number;

  constructor(args: GroupMaxArgs) {
    super(args);
    requireRange(Number.isInteger(args.k) && args.k >= 1, 'GroupMax', 'k must be an integer from 1', args.k);
    this.k = args.k;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyInput(inputs);
      return kSparseToDense(groupMax(x, { k: this.k }), { width: x.shape[x.rank - 1] });
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), k: this.k };
  }
}
