import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, SparseLayer, type LayerArgs } from '@tfjs-sparse/layers';
import { globalPool, requirePoolMode, type GlobalPoolMode } from './op.js';

export interface SparseGlobalPoolingArgs extends LayerArgs {
  /** Default `avg`. */
  mode?: GlobalPoolMode;
}

/**
 * Pools the sites of each cloud (`globalPool`). Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or
 * features alone in a Sequential model. Output: `[clouds, channels]`.
 */
abstract class SparseGlobalPooling extends SparseLayer {
  private readonly mode: GlobalPoolMode;

  constructor(args: SparseGlobalPoolingArgs = {}) {
    super(args);
    this.mode = args.mode ?? 'avg';
    requirePoolMode(this.name, this.mode);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => globalPool(this.sparseInput(inputs), this.mode));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [null, channelsOf(this.name, inputShape)];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), mode: this.mode };
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
