import { tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { coordinateMapOf, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { SparseLayer } from '@tfjs-sparse/layers';
import { sparseAdd, sparseConcatenate, sparseMultiply } from './op.js';

/**
 * Merges tensors whose sites may differ. Input: `[features, coords, features, coords, …]`, output:
 * `[features [sites of the union, channels], coords [sites of the union, 1 + rank]]`. Where all have the same sites,
 * tfjs' own `add`, `multiply` and `concatenate` of the features do.
 */
abstract class SparseMerge extends SparseLayer {
  protected abstract merge(xs: readonly SparseTensor[]): SparseTensor;

  override call(inputs: Tensor | Tensor[]): Tensor[] {
    return tidy(() => {
      const tensors = Array.isArray(inputs) ? inputs : [inputs];
      this.requirePairs(tensors.length);
      const y = this.merge(
        tensors.flatMap((tensor, i) =>
          i % 2 === 0 ? [new SparseTensor(tensor as Tensor2D, coordinateMapOf(tensors[i + 1]))] : [],
        ),
      );
      return [y.features, y.map.toTensor()];
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape[] {
    const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as Shape[];
    this.requirePairs(shapes.length);
    return [
      [null, this.channelsOfUnion(shapes.filter((_shape, i) => i % 2 === 0).map(([, channels]) => channels))],
      shapes[1],
    ];
  }

  protected channelsOfUnion(channels: readonly (number | null)[]): number | null {
    return channels[0];
  }

  private requirePairs(count: number): void {
    requireRange(count >= 2 && count % 2 === 0, this.name, 'inputs must be features and coords, in pairs', count);
  }
}

export class SparseAdd extends SparseMerge {
  static className = 'SparseAdd';
  protected override merge(xs: readonly SparseTensor[]): SparseTensor {
    return sparseAdd(...xs);
  }
}

export class SparseMultiply extends SparseMerge {
  static className = 'SparseMultiply';
  protected override merge(xs: readonly SparseTensor[]): SparseTensor {
    return sparseMultiply(...xs);
  }
}

export class SparseConcatenate extends SparseMerge {
  static className = 'SparseConcatenate';
  protected override merge(xs: readonly SparseTensor[]): SparseTensor {
    return sparseConcatenate(...xs);
  }

  protected override channelsOfUnion(channels: readonly (number | null)[]): number | null {
    return channels.includes(null) ? null : channels.reduce<number>((sum, each) => sum + each!, 0);
  }
}
