import type { Tensor } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { isFusedActivation } from './activation.js';

/** Throws unless the operands of the product `name` fit each other. */
export function requireOperands(
  name: string,
  x: Tensor,
  values: Tensor,
  pattern: SparsityPattern,
  bias: Tensor | undefined,
  activation: string,
): void {
  requireType(pattern instanceof SparsityPattern, name, 'pattern must be a SparsityPattern', typeof pattern);
  const { inFeatures, outFeatures, blockCount, blockOutputs } = pattern;
  for (const [role, tensor] of Object.entries({ x, values, bias })) {
    if (tensor) requireType(tensor.dtype === 'float32', name, `${role} must be float32`, tensor.dtype);
  }
  requireRange(x.rank >= 1, name, 'x must have at least 1 axis', x.rank);
  const last = x.shape[x.rank - 1];
  requireRange(last === inFeatures, name, `the last axis of x must be ${inFeatures} (inFeatures)`, last);
  const isFitting = values.rank === 2 && values.shape[0] === blockCount && values.shape[1] === blockOutputs;
  requireRange(isFitting, name, `values must be [${blockCount}, ${blockOutputs}] (blocks, blockOutputs)`, values.shape);
  if (bias) {
    const isVector = bias.rank === 1 && bias.shape[0] === outFeatures;
    requireRange(isVector, name, `bias must be [${outFeatures}] (outFeatures)`, bias.shape);
  }
  requireRange(isFusedActivation(activation), name, 'activation must be linear, relu or relu6', activation);
}
