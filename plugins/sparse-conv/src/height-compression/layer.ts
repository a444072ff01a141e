import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { channelsOf, type LayerArgs, sparseInput, SparseLayer } from '@tfjs-sparse/layers';
import { heightCompression } from './op.js';

export interface SparseHeightCompressionArgs extends LayerArgs {
  /** Cells per axis; known beforehand, so that dense layers can follow. */
  spatialShape: number[];
  /** Coordinates of the first cell; default 0. */
  origin?: number[];
  /** The axis that is stacked into channels; default 0. */
  axis?: number;
}

/**
 * `heightCompression` as a layer. Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or features alone in a
 * Sequential model; output: `[clouds, ...axes left, heights * channels]`.
 */
export class SparseHeightCompression extends SparseLayer {
  static className = 'SparseHeightCompression';
  private readonly spatialShape: readonly number[];
  private readonly origin: readonly number[];
  private readonly axis: number;

  constructor(args: SparseHeightCompressionArgs) {
    super(args);
    this.spatialShape = [...args.spatialShape];
    this.origin = args.origin ? [...args.origin] : this.spatialShape.map(() => 0);
    this.axis = args.axis ?? 0;
    const rank = this.spatialShape.length;
    const isAxis = Number.isInteger(this.axis) && this.axis >= 0 && this.axis < rank;
    requireRange(isAxis, this.name, `axis must be 0 to ${rank - 1}`, this.axis);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const { spatialShape, origin, axis } = this;
    return tidy(() => heightCompression(sparseInput(this.name, inputs), { spatialShape, origin, axis }));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const left = this.spatialShape.filter((_, axis) => axis !== this.axis);
    return [null, ...left, this.spatialShape[this.axis] * channelsOf(this.name, inputShape)];
  }

  override getConfig(): serialization.ConfigDict {
    const { spatialShape, origin, axis } = this;
    return { ...super.getConfig(), spatialShape: [...spatialShape], origin: [...origin], axis };
  }
}
