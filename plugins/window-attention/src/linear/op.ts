import { add, engine, matMul, relu, tidy, zeros, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { gelu } from '../gelu/op.js';
import type { LinearActivation } from './attributes.js';
import { linearOps } from './definition.js';

export interface LinearOptions {
  /** Of the sums, in the same pass: 'linear' (default), 'relu' or 'gelu' with the error function. */
  readonly activation?: LinearActivation;
}

const activations: readonly string[] = ['linear', 'relu', 'gelu'];

/**
 * Rows times a matrix, plus a bias, and an activation: torch's Linear on the features of sites. Gradients flow to all three
 * tensors; their sums over rows are blocked, and before gelu the sums are computed again. They have no gradients of their
 * own (on webgpu, where tfjs' products are used, those of tfjs).
 *
 * @param x      float32 `[rows, inner]`
 * @param matrix float32 `[inner, columns]`: torch's weight, transposed
 * @param bias   float32 `[columns]`; undefined for none
 * @returns      float32 `[rows, columns]`
 * @throws RangeError where shapes do not fit each other or for another activation; TypeError for other than float32
 */
export function linear(
  x: Tensor2D,
  matrix: Tensor2D,
  bias: Tensor1D | undefined,
  options: LinearOptions = {},
): Tensor2D {
  const { activation = 'linear' } = options;
  for (const [name, tensor] of Object.entries({ x, matrix, ...(bias && { bias }) }))
    requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
  requireRange(x.rank === 2 && x.shape[1] > 0, op, 'x must be [rows, inner]', x.shape);
  const isMatrix = matrix.rank === 2 && matrix.shape[0] === x.shape[1] && matrix.shape[1] > 0;
  requireRange(isMatrix, op, `matrix must be [${x.shape[1]}, columns] (inner of x)`, matrix.shape);
  const isBias = !bias || bias.shape.join() === String(matrix.shape[1]);
  requireRange(isBias, op, `bias must be [${matrix.shape[1]}] (columns of matrix)`, bias?.shape);
  requireRange(activations.includes(activation), op, "activation must be 'linear', 'relu' or 'gelu'", activation);
  if (engine().backendName !== 'webgpu' || x.shape[0] === 0) {
    return tidy(() => {
      const given = { x, matrix, bias: bias ?? zeros([matrix.shape[1]]) };
      return runOp(linearOps[activation], given, { activation }).y as Tensor2D;
    });
  }
  return tidy(() => {
    const product: Tensor2D = matMul(x, matrix);
    const sum = bias ? add<Tensor2D>(product, bias) : product;
    return activation === 'gelu' ? gelu(sum) : activation === 'relu' ? relu(sum) : sum;
  });
}

const op = 'linear';
