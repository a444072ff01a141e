import type { Tolerance } from '../src/golden-file.js';
import type { Attributes } from '../src/tensor-operation.js';
import { uniformFrom } from './random.js';

/** A case of an op on dense tensors before the oracle has run it. */
export interface TensorSource {
  readonly id: string;
  readonly tolerance: Tolerance;
  /** In the order in which the op names them. */
  readonly inputs: Readonly<Record<string, SourceTensor>>;
  readonly attrs?: Attributes;
  /** Inputs whose gradients are compared; default none. */
  readonly gradients?: readonly string[];
  /** Seed of the cotangent. */
  readonly seed: number;
}

export interface SourceTensor {
  readonly shape: readonly number[];
  /** Row-major, exact in float32. */
  readonly values: readonly number[];
  /** Default float32. */
  readonly dtype?: 'int32';
}

/** Numbers in [-1, 1) that float32 holds exactly. */
export function drawTensor(shape: readonly number[], seed: number): SourceTensor {
  const next = uniformFrom(seed);
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Array.from({ length }, () => Math.fround(next() * 2 - 1)) };
}
