import { requireRange } from '@tfjs-sparse/core';
import { keepLargest, requireNumbers, type Mask, type Scores } from '../masks/keep-largest.js';
import { weightCount, type KernelLayout } from '../masks/kernel-layout.js';
import { cholesky, choleskyInverse, type Matrix } from './cholesky.js';
import { columnIndex } from './wanda.js';

export interface SparseGPTOptions {
  /** What is pruned: a share of each block of columns, or all but `n` of each `m` consecutive columns of an output. */
  readonly prune: { readonly sparsity: number } | { readonly n: number; readonly m: number };
  /** Columns that are pruned before the rest is updated; default 128. A multiple of `m`. */
  readonly blockSize?: number;
  /** What is added to the Hessian's diagonal, as a share of its mean; default 0.01. */
  readonly dampening?: number;
}

export interface SparseGPTResult {
  readonly mask: Mask;
  /** The kept weights make up for the pruned ones. */
  readonly weights: Float32Array;
  /** Sum of the squared errors over the calibration data, halved. */
  readonly loss: number;
}

/** The Hessian of a layer's squared error: `2 / sequences * sum over tokens of x xᵀ`. */
export function hessian(activations: Scores, columns: number, sequences: number): Matrix {
  const matrix = new Float64Array(columns * columns);
  for (let token = 0; token < activations.length; token += columns)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++)
        matrix[i * columns + j] += (2 / sequences) * activations[token + i] * activations[token + j];
  return matrix;
}

/**
 * One-shot pruning that repairs the error it makes (SparseGPT, Frantar and Alistarh 2023, as in llm-compressor): columns
 * are pruned one after another, and those to the right take over what is lost.
 *
 * @param hessian `[columns, columns]`; columns are inputs, or (tap, input) of a convolution's window
 */
export function sparseGPT(
  weights: Scores,
  layout: KernelLayout,
  hessian: Matrix,
  options: SparseGPTOptions,
): SparseGPTResult {
  const { prune, blockSize = 128, dampening = 0.01 } = options;
  const columns = layout.taps * layout.inputs;
  requireNumbers(weights, 'sparseGPT');
  requireRange(weights.length === weightCount(layout), 'sparseGPT', 'weights must fill the layout', weights.length);
  requireRange(
    hessian.length === columns ** 2,
    'sparseGPT',
    `the Hessian must be [${columns}, ${columns}]`,
    hessian.length,
  );
  const isAligned = !('m' in prune) || blockSize % prune.m === 0;
  requireRange(isAligned, 'sparseGPT', 'blockSize must be a multiple of m', blockSize);
  const { rows, inverse } = prepared(weights, layout, hessian, dampening);
  const mask = new Uint8Array(weights.length);
  let loss = 0;
  for (let first = 0; first < columns; first += blockSize) {
    const end = Math.min(first + blockSize, columns);
    const isPruned =
      'sparsity' in prune
        ? prunedOfBlock(rows, inverse, columns, first, end, prune.sparsity)
        : rows.map(() => new Uint8Array(columns));
    for (let column = first; column < end; column++) {
      const diagonal = inverse[column * columns + column];
      rows.forEach((row, output) => {
        if ('m' in prune && (column - first) % prune.m === 0)
          pruneGroup(row, inverse, columns, column, Math.min(column + prune.m, end), prune, isPruned[output]);
        if (isPruned[output][column] === 0) {
          mask[columnIndex(layout, column, output)] = 1;
          return;
        }
        const error = row[column] / diagonal;
        loss += (error * error) / 2;
        for (let k = column; k < columns; k++) row[k] -= error * inverse[column * columns + k];
        row[column] = 0;
      });
    }
  }
  const updated = new Float32Array(weights.length);
  rows.forEach((row, output) => row.forEach((value, column) => (updated[columnIndex(layout, column, output)] = value)));
  return { mask, weights: updated, loss };
}

/** Weights as rows per output, and the upper factor of the dampened Hessian's inverse. Inputs never seen have no weight. */
function prepared(weights: Scores, layout: KernelLayout, hessian: Matrix, dampening: number) {
  const columns = layout.taps * layout.inputs;
  const damped = hessian.slice();
  const isDead = Array.from({ length: columns }, (_, i) => hessian[i * columns + i] === 0);
  isDead.forEach((dead, i) => (damped[i * columns + i] += dead ? 1 : 0));
  let trace = 0;
  for (let i = 0; i < columns; i++) trace += damped[i * columns + i];
  for (let i = 0; i < columns; i++) damped[i * columns + i] += (dampening * trace) / columns;
  const lower = cholesky(choleskyInverse(cholesky(damped, columns), columns), columns);
  const inverse = lower.map((_, i) => lower[(i % columns) * columns + Math.floor(i / columns)]);
  const rows = Array.from({ length: layout.outputs }, (_, output) =>
    Float64Array.from(isDead, (dead, column) => (dead ? 0 : weights[columnIndex(layout, column, output)])),
  );
  return { rows, inverse };
}

/** As published, all scores up to that of the weight at `sparsity` are pruned, that weight too. */
function prunedOfBlock(
  rows: readonly Float64Array[],
  inverse: Matrix,
  columns: number,
  first: number,
  end: number,
  sparsity: number,
): Uint8Array[] {
  const scores = rows.map((row) => scoresOf(row, inverse, columns, first, end));
  const sorted = Float64Array.from(scores.flatMap((row) => [...row])).sort();
  const threshold = sorted[Math.min(sorted.length - 1, Math.trunc(sorted.length * sparsity))];
  return scores.map((row) => {
    const isPruned = new Uint8Array(columns);
    row.forEach((score, i) => (isPruned[first + i] = Number(score <= threshold)));
    return isPruned;
  });
}

function pruneGroup(
  row: Float64Array,
  inverse: Matrix,
  columns: number,
  first: number,
  end: number,
  { n }: { readonly n: number },
  isPruned: Uint8Array,
): void {
  const kept = keepLargest(scoresOf(row, inverse, columns, first, end), Math.min(n, end - first), 'sparseGPT');
  kept.forEach((isKept, i) => (isPruned[first + i] = 1 - isKept));
}

/** What pruning each weight costs: `w² / d²`. */
function scoresOf(row: Float64Array, inverse: Matrix, columns: number, first: number, end: number): Float64Array {
  return row.slice(first, end).map((weight, i) => (weight / inverse[(first + i) * (columns + 1)]) ** 2);
}
