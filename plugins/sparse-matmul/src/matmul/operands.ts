import type { Tensor } from '@tensorflow/tfjs-core';
import { requireEpilogue, requireRange, requireReadable, requireType, type Epilogue } from '@tfjs-sparse/core';
import { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { productShape } from './on-rows.js';

/**
 * Throws unless the operands of the product `name` fit each other.
 *
 * @param shape the output's; default `[..., outFeatures]`
 */
export function requireOperands(
  name: string,
  x: Tensor,
  values: Tensor,
  pattern: SparsityPattern,
  epilogue: Epilogue,
  shape?: readonly number[],
): void {
  requireWeights(name, values, pattern);
  requireFloats(name, { x });
  requireLastAxis(name, x, pattern.inFeatures);
  requireEpilogue(name, epilogue, shape ?? productShape(x, pattern.outFeatures));
}

/** Throws unless `values` are the kept weights of `pattern`. */
export function requireWeights(name: string, values: Tensor, pattern: SparsityPattern): void {
  requireType(pattern instanceof SparsityPattern, name, 'pattern must be a SparsityPattern', typeof pattern);
  requireFloats(name, { values });
  const { blockCount, blockOutputs } = pattern;
  const isFitting = values.rank === 2 && values.shape[0] === blockCount && values.shape[1] === blockOutputs;
  requireRange(isFitting, name, `values must be [${blockCount}, ${blockOutputs}] (blocks, blockOutputs)`, values.shape);
}

/** Throws unless all are float32 and on a backend that tfjs' own ops can take them from. */
export function requireFloats(name: string, tensors: Readonly<Record<string, Tensor>>): void {
  for (const [role, tensor] of Object.entries(tensors)) {
    requireType(tensor.dtype === 'float32', name, `${role} must be float32`, tensor.dtype);
    requireReadable(name, role, tensor);
  }
}

export function requireLastAxis(name: string, x: Tensor, inFeatures: number): void {
  requireRange(x.rank >= 1, name, 'x must have at least 1 axis', x.rank);
  const last = x.shape[x.rank - 1];
  requireRange(last === inFeatures, name, `the last axis of x must be ${inFeatures} (inFeatures)`, last);
}
