import { relu, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import { encodeTopK } from '../encode-top-k/op.js';
import { sparseDecode } from '../sparse-decode/op.js';
import { requireRows } from '../top-k/op.js';

/** A row for each hidden unit in both matrices. */
export interface SparseMLPWeights {
  /** float32 `[hiddenUnits, width]` */
  readonly up: Tensor2D;
  /** float32 `[hiddenUnits]`; default none. */
  readonly upBias?: Tensor1D;
  /** float32 `[hiddenUnits, units]` */
  readonly down: Tensor2D;
  /** float32 `[units]`; default none. */
  readonly downBias?: Tensor1D;
}

export interface SparseMLPOptions {
  /** How many hidden units of each row, 0 to all. */
  readonly k: number;
}

const name = 'sparseMLP';

/**
 * A transformer's MLP with top-k activations: of `relu(x * up^T + upBias)` the k greatest of each row, times their rows of
 * `down`, plus `downBias`. The other rows of `down` are not read. ReLU comes after the choice, so fewer than k units are
 * active where fewer have a positive pre-activation. Ties and NaN as in `topK`. Gradients go through the chosen units to x,
 * the matrices and the biases.
 *
 * @param x float32 `[..., width]`
 * @returns `[..., units]`
 * @throws RangeError where shapes do not fit each other or k is no integer from 0 to hiddenUnits; TypeError for other than
 *         float32
 */
export function sparseMLP(x: Tensor, weights: SparseMLPWeights, { k }: SparseMLPOptions): Tensor {
  requireRows(name, x);
  const { up, upBias, down, downBias } = weights;
  requireMatrix('up', up, 'hiddenUnits, width');
  requireMatrix('down', down, 'hiddenUnits, units');
  const [hiddenUnits, width] = up.shape;
  const [rows, units] = down.shape;
  const last = x.shape[x.rank - 1];
  requireRange(last === width, name, `the last axis of x must be ${width} (width of up)`, last);
  requireRange(rows === hiddenUnits, name, `down must have ${hiddenUnits} rows (as up)`, rows);
  const isCount = Number.isInteger(k) && k >= 0 && k <= hiddenUnits;
  requireRange(isCount, name, `k must be an integer from 0 to ${hiddenUnits} (rows of up)`, k);
  requireVector('upBias', upBias, hiddenUnits, 'rows of up');
  requireVector('downBias', downBias, units, 'columns of down');
  return tidy(() => {
    // Not matMul and topK, which are a tenth faster forward (2,048 rows of 128, 512 hidden units, k = 32, wasm): their
    // gradients multiply all units and take 2.5 times as long (bench sparse-mlp).
    const { values, indices } = encodeTopK(x, up, { k, bias: upBias });
    return sparseDecode({ values: relu(values), indices }, down, { bias: downBias });
  });
}

function requireMatrix(role: string, matrix: Tensor2D, axes: string): void {
  requireType(matrix.dtype === 'float32', name, `${role} must be float32`, matrix.dtype);
  requireRange(matrix.rank === 2, name, `${role} must be [${axes}]`, matrix.shape);
}

function requireVector(role: string, vector: Tensor1D | undefined, size: number, source: string): void {
  if (!vector) return;
  requireType(vector.dtype === 'float32', name, `${role} must be float32`, vector.dtype);
  const isFitting = vector.rank === 1 && vector.shape[0] === size;
  requireRange(isFitting, name, `${role} must be [${size}] (${source})`, vector.shape);
}
