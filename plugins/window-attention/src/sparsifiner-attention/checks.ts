import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import type { SparsifinerOptions, SparsifinerWeights } from './op.js';

const op = 'sparsifinerAttention';

/** @throws RangeError or TypeError unless all of it fits each other */
export function requireSparsifiner(
  x: Tensor3D,
  { predictor, ...weights }: SparsifinerWeights,
  { heads, keep = 0.25, coefficients }: SparsifinerOptions,
): void {
  requireType(x.dtype === 'float32', op, 'x must be float32', x.dtype);
  const isSequence = x.rank === 3 && x.size > 0 && x.shape[1] > 1;
  requireRange(isSequence, op, 'x must be [batches, tokens, channels] of at least two tokens', x.shape);
  const [, tokens, channels] = x.shape;
  const isDivisor = Number.isInteger(heads) && heads >= 1 && channels % heads === 0;
  requireRange(isDivisor, op, `heads must divide the ${channels} channels of x`, heads);
  requireRange(keep > 0 && keep <= 1, op, 'keep must be above 0 and at most 1', keep);
  requireShape('qkv', weights.qkv, [channels, 3 * channels]);
  requireShape('qkvBias', weights.qkvBias, [3 * channels]);
  requireShape('output', weights.output, [channels, channels]);
  requireShape('outputBias', weights.outputBias, [channels]);
  const reduced = predictor.query.shape[1];
  requireShape('predictor.query', predictor.query, [channels / heads, reduced]);
  requireShape('predictor.queryBias', predictor.queryBias, [reduced]);
  requireShape('predictor.key', predictor.key, [channels / heads, reduced]);
  requireShape('predictor.keyBias', predictor.keyBias, [reduced]);
  const basis = predictor.basis.shape[1];
  requireShape('predictor.basis', predictor.basis, [tokens, basis]);
  requireShape('predictor.combine', predictor.combine, [tokens, basis]);
  if (coefficients === undefined) return;
  const isCount = Number.isInteger(coefficients) && coefficients >= 1 && coefficients <= basis;
  requireRange(isCount, op, `coefficients must be an integer from 1 to ${basis} (the basis)`, coefficients);
}

function requireShape(name: string, tensor: Tensor | undefined, shape: readonly number[]): void {
  if (!tensor) return;
  requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
  requireRange(tensor.shape.join() === shape.join(), op, `${name} must be [${shape.join(', ')}]`, tensor.shape);
}
