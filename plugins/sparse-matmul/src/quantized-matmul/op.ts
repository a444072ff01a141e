import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { requireEpilogue, requireRange, requireType, runFused, type Epilogue } from '@tfjs-sparse/core';
import { onRows, productShape } from '../matmul/on-rows.js';
import { requireFloats, requireLastAxis } from '../matmul/operands.js';
import { quantizedMatMulOps } from './definition.js';
import { QuantizedWeights } from './quantized-weights.js';

/**
 * Multiplies by quantised weights of which whole groups may be missing: `y = activation(x * W + bias + residual)`.
 * The codes become numbers in registers only. A group that is not kept takes no part: a NaN in its inputs does not reach
 * the output.
 * (GQSA: Group Quantization and Sparsity for Accelerating Large Language Model Inference, 2024.)
 *
 * @param x       `[..., inFeatures]`
 * @param scales  `[groups]`, and the zero points `[groups]`: `w = scale * (code - zero)`
 * @param weights the codes, which are constant; `quantizeWeights` makes all three
 * @returns       `[..., outFeatures]`; gradients go to x, scales, zeros, bias and residual
 * @throws RangeError where shapes do not fit the weights, TypeError for other than float32 or other weights
 */
export function quantizedMatMul(
  x: Tensor,
  scales: Tensor1D,
  zeros: Tensor1D,
  weights: QuantizedWeights,
  options: Epilogue = {},
): Tensor {
  requireOperands(x, { scales, zeros }, weights, options);
  return onRows(x, weights.outFeatures, options, (rows, { bias, residual, activation = 'linear' }) => {
    const inputs = { x: rows, scales, zeros, bias, residual };
    return runFused(quantizedMatMulOps, inputs, { weights, activation }) as Tensor2D;
  });
}

function requireOperands(
  x: Tensor,
  vectors: Readonly<Record<'scales' | 'zeros', Tensor>>,
  weights: QuantizedWeights,
  epilogue: Epilogue,
): void {
  const op = 'quantizedMatMul';
  requireType(weights instanceof QuantizedWeights, op, 'weights must be QuantizedWeights', typeof weights);
  const { inFeatures, outFeatures, groupCount } = weights;
  requireFloats(op, { x, ...vectors });
  requireLastAxis(op, x, inFeatures);
  for (const [role, vector] of Object.entries(vectors)) {
    const isVector = vector.rank === 1 && vector.shape[0] === groupCount;
    requireRange(isVector, op, `${role} must be [${groupCount}] (groups)`, vector.shape);
  }
  requireEpilogue(op, epilogue, productShape(x, outFeatures));
}
