import { tidy, type serialization, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange, requireReduction, type Reduction } from '@tfjs-sparse/core';
import type { LayerArgs } from '@tfjs-sparse/layers';
import { sparseMatrixOf } from '../sparse-matrix/sparse-matrix.js';
import { graphAggregate } from './op.js';

export interface GraphAggregateArgs extends LayerArgs {
  /** Default `sum`. */
  reduction?: Reduction;
}

/**
 * Every node reduces the features of its neighbours (`graphAggregate`); a tf.layers.dense before or after it makes a
 * graph convolution. Input: `[x [nodes, features], edges [edges, 2]]`, the edges from `SparseMatrix.toTensor()` as an
 * int32 input, and optionally weights `[edges]` in place of the matrix's values. Output: `[nodes, features]`.
 *
 * Nodes and edges are no samples of equal number: call the model with `model.apply([x, edges])`.
 */
export class GraphAggregate extends layers.Layer {
  static className = 'GraphAggregate';
  private readonly reduction: Reduction;

  constructor(args: GraphAggregateArgs = {}) {
    super(args);
    const { reduction = 'sum' } = args;
    requireReduction(this.name, reduction);
    this.reduction = reduction;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x, edges, weights] = this.requireInputs(inputs);
    return tidy(() => {
      const matrix = sparseMatrixOf(edges);
      const weighted = weights ? matrix.withValues(weights as Tensor1D) : matrix;
      return graphAggregate(x as Tensor2D, weighted, { reduction: this.reduction });
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [[, features]] = this.requireInputs(
      Array.isArray(inputShape[0]) ? (inputShape as Shape[]) : [inputShape as Shape],
    );
    return [null, features];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), reduction: this.reduction };
  }

  private requireInputs<T>(inputs: T | T[]): T[] {
    const count = Array.isArray(inputs) ? inputs.length : 1;
    requireRange(count === 2 || count === 3, this.name, 'inputs must be x and edges, or x, edges and weights', count);
    return inputs as T[];
  }
}
