import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, type LayerArgs, sparseInput, SparseLayer } from '@tfjs-sparse/layers';
import { requireRange, requireReduction, type Reduction } from '@tfjs-sparse/core';
import { globalPool } from './op.js';

export interface SparseGlobalPoolingArgs extends LayerArgs {
  /** Default `mean`. */
  reduction?: Reduction;
}

/**
 * Pools the sites of each cloud (`globalPool`). Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or
 * features alone in a Sequential model. Output: `[clouds, channels]`.
 */
abstract class SparseGlobalPooling extends SparseLayer {
  private readonly reduction: Reduction;

  constructor(args: SparseGlobalPoolingArgs = {}) {
    super(args);
    // tfjs ignores options that a layer does not know: saved as `mode`, a maximum would come back as the default mean.
    const { mode } = args as { mode?: string };
    requireRange(mode === undefined, this.name, "the option must be called 'reduction'", `mode '${mode}'`);
    const reduction = args.reduction ?? 'mean';
    requireReduction(this.name, reduction);
    this.reduction = reduction;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => globalPool(sparseInput(this.name, inputs), this.reduction));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [null, channelsOf(this.name, inputShape)];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), reduction: this.reduction };
  }
}

export class SparseGlobalPooling1D extends SparseGlobalPooling {
  static className = 'SparseGlobalPooling1D';
}

export class SparseGlobalPooling2D extends SparseGlobalPooling {
  static className = 'SparseGlobalPooling2D';
}

export class SparseGlobalPooling3D extends SparseGlobalPooling {
  static className = 'SparseGlobalPooling3D';
}

export class SparseGlobalPooling4D extends SparseGlobalPooling {
  static className = 'SparseGlobalPooling4D';
}
