import type * as tf from '@tensorflow/tfjs';

/** A site of one cloud. */
export type Site = readonly [x: number, y: number, z: number];

/** Features of sites, in float64. */
export interface Value {
  /** `[sites, channels]` */
  readonly rows: readonly Float64Array[];
  readonly sites: readonly Site[];
}

export type Rows = readonly Float64Array[];

/** A weight as rows. */
export function matrix(weight: tf.Tensor): Rows {
  const [rows, columns] = weight.shape;
  const values = weight.dataSync();
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(values.subarray(row * columns, (row + 1) * columns)),
  );
}

export function vector(weight: tf.Tensor): Float64Array {
  return Float64Array.from(weight.dataSync());
}

/** `x * weights + bias` */
export function times(row: Float64Array, weights: Rows, bias: Float64Array): Float64Array {
  const sums = Float64Array.from(bias);
  weights.forEach((outputs, input) => outputs.forEach((weight, output) => (sums[output] += row[input] * weight)));
  return sums;
}

export function added(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]);
}

export function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

export function relu(row: Float64Array): Float64Array {
  return row.map((value) => Math.max(0, value));
}

/** `x * (1 + erf(x / sqrt(2))) / 2` */
export function gelu(row: Float64Array): Float64Array {
  return row.map((value) => (value * (1 + erf(value / Math.SQRT2))) / 2);
}

export function normalized(row: Float64Array, scale: Float64Array, offset: Float64Array): Float64Array {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[i] + offset[i]);
}

/** The Maclaurin series (NIST Digital Library of Mathematical Functions, 7.6.1), to the last digit below 3.5; beyond, 1. */
function erf(x: number): number {
  if (Math.abs(x) > 3.5) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
