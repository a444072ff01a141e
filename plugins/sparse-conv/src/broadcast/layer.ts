import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { type LayerArgs, sparseInput, SparseLayer } from '@tfjs-sparse/layers';
import { requireBroadcastMode, siteBroadcast, type BroadcastMode } from './op.js';

export interface SparseBroadcastArgs extends LayerArgs {
  /** Default `add`. */
  mode?: BroadcastMode;
}

/**
 * Brings a vector per cloud to its sites (`siteBroadcast`). Input:
 * `[features [sites, channels], coords [sites, 1 + rank], rows [clouds, channels]]`, output: features.
 */
export class SparseBroadcast extends SparseLayer {
  static className = 'SparseBroadcast';
  private readonly mode: BroadcastMode;

  constructor(args: SparseBroadcastArgs = {}) {
    super(args);
    this.mode = args.mode ?? 'add';
    requireBroadcastMode(this.name, this.mode);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    this.requireRows(inputs);
    return tidy(
      () => siteBroadcast(sparseInput(this.name, inputs), (inputs as Tensor[])[2] as Tensor2D, this.mode).features,
    );
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    this.requireRows(Array.isArray(inputShape[0]) ? inputShape : [inputShape]);
    const [[, channels], , [, rowChannels]] = inputShape as Shape[];
    if (this.mode !== 'concatenate') return [null, channels];
    return [null, channels === null || rowChannels === null ? null : channels + rowChannels];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), mode: this.mode };
  }

  private requireRows(inputs: Tensor | readonly unknown[]): void {
    const count = Array.isArray(inputs) ? inputs.length : 1;
    requireRange(count === 3, this.name, 'inputs must be features, coords and a row per cloud', count);
  }
}
