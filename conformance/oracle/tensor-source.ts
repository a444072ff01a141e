import type { Tolerance } from '../src/golden-file.js';
import type { OperandType } from '../src/tensor-operation.js';
import { uniformFrom } from './random.js';

/** A case of an op on dense tensors before the oracle has run it. */
export interface TensorSource<Attrs extends object = object> {
  readonly id: string;
  readonly tolerance: Tolerance;
  /** In the order in which the op names them. */
  readonly inputs: Readonly<Record<string, SourceTensor>>;
  readonly attrs?: Attrs;
  /** Inputs whose gradients are compared; default none. */
  readonly gradients?: readonly string[];
  /** Outputs that they are of; default all that are float32. */
  readonly differentiated?: readonly string[];
  /** Seed of the cotangents. */
  readonly seed: number;
}

export interface SourceTensor {
  readonly shape: readonly number[];
  /** Row-major, exact in float32; of a bool 0 or 1. */
  readonly values: readonly number[];
  /** Default float32. */
  readonly dtype?: OperandType;
}

/** Numbers in [-1, 1) that float32 holds exactly. */
export function drawTensor(shape: readonly number[], seed: number): SourceTensor {
  const next = uniformFrom(seed);
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Array.from({ length }, () => Math.fround(next() * 2 - 1)) };
}
