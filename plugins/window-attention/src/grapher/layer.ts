import {
  add,
  concat,
  reshape,
  tidy,
  type serialization,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { CompositeLayer, SparseBatchNormalization, type LayerArgs } from '@tfjs-sparse/layers';
import { gelu } from '../gelu/op.js';
import { linear } from '../linear/op.js';
import { maxRelative } from '../max-relative/op.js';
import { LinearPart } from '../parts/weight-layers.js';

export interface SparseVisionGraphAttentionArgs extends LayerArgs {
  /** Distance of neighbours along both axes; default 2. */
  step?: number;
  /** Channels of the graph convolution; default twice those of the input. */
  hiddenUnits?: number | null;
}

/**
 * Sparse vision graph attention: the Grapher of MobileViG (`grapher`), with running statistics of its three batch
 * normalizations. Input and output `[batches, height, width, channels]`.
 */
export class SparseVisionGraphAttention extends CompositeLayer {
  static className = 'SparseVisionGraphAttention';
  private readonly step: number;
  private readonly hiddenUnits: number | null;
  private convolutions!: readonly { readonly linear: LinearPart; readonly norm: SparseBatchNormalization }[];

  constructor(args: SparseVisionGraphAttentionArgs = {}) {
    super(args);
    this.step = args.step ?? 2;
    this.hiddenUnits = args.hiddenUnits ?? null;
    const isStep = Number.isInteger(this.step) && this.step >= 1;
    requireRange(isStep, 'SparseVisionGraphAttention', 'step must be an integer of at least 1', this.step);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape)[3]!;
    const hidden = this.hiddenUnits ?? 2 * channels;
    const sizes = { inner: [channels, channels], graph: [2 * channels, hidden], outer: [hidden, channels] };
    this.convolutions = Object.entries(sizes).map(([name, [from, to]]) => ({
      linear: this.addPart(new LinearPart(name, to), from),
      norm: this.addPart(new SparseBatchNormalization({ name: `${name}_norm`, momentum: 0.9, epsilon: 1e-5 }), to), // torch's
    }));
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor4D {
    return tidy(() => {
      const x = [inputs].flat()[0] as Tensor4D;
      const [batches, height, width] = x.shape;
      const pointwise = (images: Tensor, part: number): Tensor4D => {
        const { linear: own, norm } = this.convolutions[part];
        const { linear: matrix, linearBias } = own.read();
        const rows = linear(
          reshape(images, [batches * height * width, images.shape[3]!]) as Tensor2D,
          matrix,
          linearBias,
        );
        return reshape(norm.call(rows, kwargs), [batches, height, width, matrix.shape[1]]);
      };
      const inner = pointwise(x, 0);
      const graph = pointwise(concat([inner, maxRelative(inner, { step: this.step })], 3), 1);
      return add(pointwise(gelu(graph), 2), x);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return inputShape as Shape;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), step: this.step, hiddenUnits: this.hiddenUnits };
  }
}
