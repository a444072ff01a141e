import { tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { coordinateMapOf, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { SparseLayer } from '@tfjs-sparse/layers';
import { heightSum } from './op.js';

/**
 * `heightSum` as a layer. Input: `[features, coords, features, coords, …]` of the levels, the finest first; output:
 * `[features [sites, channels], coords [sites, rank]]`.
 */
export class SparseHeightSum extends SparseLayer {
  static className = 'SparseHeightSum';

  override call(inputs: Tensor | Tensor[]): Tensor[] {
    return tidy(() => {
      const tensors = [inputs].flat();
      this.requirePairs(tensors.length);
      const levels = tensors.flatMap((tensor, i) =>
        i % 2 === 0 ? [new SparseTensor(tensor as Tensor2D, coordinateMapOf(tensors[i + 1]))] : [],
      );
      const y = heightSum(...levels);
      return [y.features, y.map.toTensor()];
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape[] {
    const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as Shape[];
    this.requirePairs(shapes.length);
    return [shapes[0], [null, shapes[1][1]! - 1]];
  }

  private requirePairs(count: number): void {
    requireRange(count >= 2 && count % 2 === 0, this.name, 'inputs must be features and coords, in pairs', count);
  }
}
