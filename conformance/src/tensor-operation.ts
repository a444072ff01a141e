import type { Tensor } from '@tensorflow/tfjs-core';
import type { SparseOps } from './ops.js';

/** What an op takes besides tensors, as JSON holds it. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A tensor in float64: values in row-major order. */
export interface ExactTensor {
  readonly shape: readonly number[];
  readonly values: number[];
}

/**
 * All that the harness and the oracle must know of an op on dense tensors: how to run it, and what it is. A case file
 * brings it (`cases/graph-aggregate.ts`). Its golden has one layer, whose `in` names the inputs.
 */
export interface TensorOperation {
  /** What the case file, its goldens and their layers are called. */
  readonly op: string;
  /** The op that must have been handed in. */
  readonly needs: keyof SparseOps;
  readonly forward: (inputs: Readonly<Record<string, Tensor>>, attrs: Attributes, ops: SparseOps) => Tensor;
  /** The definition, written from the mathematics and nothing of the kernels. */
  readonly define: (inputs: Readonly<Record<string, ExactTensor>>, attrs: Attributes) => ExactTensor;
  /**
   * Of sum(y * dy) to the inputs that the case wants gradients of; by default the finite differences of `define`, which
   * need a smooth definition and no NaN.
   */
  readonly gradient?: (
    dy: ExactTensor,
    inputs: Readonly<Record<string, ExactTensor>>,
    attrs: Attributes,
  ) => Readonly<Record<string, readonly number[]>>;
}
