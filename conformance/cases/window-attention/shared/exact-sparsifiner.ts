import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';
import { greatestPlaces } from './exact-recent.js';

export interface SparsifinerAttrs {
  readonly heads: number;
  readonly keep: number;
  readonly basisThreshold: number;
  readonly coefficientThreshold: number;
  readonly coefficients?: number;
}

type Matrix = number[][];

/** The attention of Sparsifiner, class token first, sample by sample and head by head. */
export function exactSparsifiner(inputs: ExactTensors, attrs: SparsifinerAttrs): ExactTensor {
  const [batches, tokens, channels] = inputs.x.shape;
  const size = channels / attrs.heads;
  const all: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const x = rowsOf(inputs.x.values.slice(batch * tokens * channels, (batch + 1) * tokens * channels), channels);
    const projected = affine(x, inputs.qkv, inputs.qkvBias);
    const attended: Matrix = x.map(() => []);
    for (let head = 0; head < attrs.heads; head++) {
      const [q, k, v] = [0, 1, 2].map((part) =>
        projected.map((row) => row.slice(part * channels + head * size, part * channels + (head + 1) * size)),
      );
      const keys = predictedKeys(q, k, inputs, attrs);
      q.forEach((query, token) => attended[token].push(...attend(query, k, v, keys[token])));
    }
    all.push(...affine(attended, inputs.output, inputs.outputBias).flat());
  }
  return { shape: inputs.x.shape, values: all };
}

/** The keys of each token: all of the first, those of the greatest approximate attention of the others. */
function predictedKeys(q: Matrix, k: Matrix, inputs: ExactTensors, attrs: SparsifinerAttrs): number[][] {
  const { heads, keep, basisThreshold, coefficientThreshold, coefficients } = attrs;
  const tokens = q.length;
  const reducedKeys = affine(k, inputs.key, inputs.keyBias);
  const combine = rowsOf(inputs.combine.values, inputs.combine.shape[1]);
  const basis = rowsOf(inputs.basis.values, inputs.basis.shape[1]);
  const combined = combine[0].map((_, i) =>
    reducedKeys[0].map((_, c) => sum(reducedKeys.map((key, token) => key[c] * combine[token][i]))),
  );
  return affine(q, inputs.query, inputs.queryBias).map((query, token) => {
    if (token === 0) return q.map((_, key) => key);
    const scores = combined.map((column) => sum(column.map((value, c) => value * query[c])) / Math.sqrt(heads));
    const shares = softmax(scores);
    const kept = new Set(greatestPlaces(shares, coefficients ?? shares.length));
    const counted = shares.map((share, i) =>
      kept.has(i) && (coefficients !== undefined || share > coefficientThreshold) ? share : 0,
    );
    const approximate = basis.map((row) =>
      sum(row.map((value, i) => (Math.abs(value) > basisThreshold ? Math.abs(value) * counted[i] : 0))),
    );
    return greatestPlaces(approximate, Math.ceil(keep * tokens));
  });
}

function attend(query: number[], k: Matrix, v: Matrix, keys: readonly number[]): number[] {
  const shares = softmax(keys.map((key) => sum(query.map((value, c) => value * k[key][c])) / Math.sqrt(query.length)));
  return v[0].map((_, c) => sum(keys.map((key, i) => shares[i] * v[key][c])));
}

function affine(rows: Matrix, { shape: [inner, outer], values }: ExactTensor, bias: ExactTensor | undefined): Matrix {
  return rows.map((row) =>
    Array.from({ length: outer }, (_, to) => {
      let total = bias?.values[to] ?? 0;
      for (let from = 0; from < inner; from++) total += row[from] * values[from * outer + to];
      return total;
    }),
  );
}

function rowsOf(values: readonly number[], width: number): Matrix {
  return Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
