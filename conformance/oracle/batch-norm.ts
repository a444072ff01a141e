/** Batch normalization over all sites, as in training: y = (x - mean) / sqrt(variance + epsilon) * scale + offset. */
export interface BatchNorm {
  readonly y: number[][];
  readonly mean: number[];
  /** Divided by the number of sites. */
  readonly variance: number[];
}

/** @param x `[sites][channels]`  @param scale, offset `[channels]` */
export function batchNorm(
  x: readonly (readonly number[])[],
  scale: readonly number[],
  offset: readonly number[],
  epsilon: number,
): BatchNorm {
  const mean = scale.map((_, c) => average(x.map((row) => row[c])));
  const variance = scale.map((_, c) => average(x.map((row) => (row[c] - mean[c]) ** 2)));
  const y = x.map((row) =>
    row.map((value, c) => ((value - mean[c]) / Math.sqrt(variance[c] + epsilon)) * scale[c] + offset[c]),
  );
  return { y, mean, variance };
}

/** Gradients of sum(y * dy): dx = scale / s * (dy - mean(dy) - xhat * mean(dy * xhat)), s = sqrt(variance + epsilon). */
export function batchNormGradients(
  dy: readonly (readonly number[])[],
  x: readonly (readonly number[])[],
  scale: readonly number[],
  epsilon: number,
): { x: number[][]; scale: number[]; offset: number[] } {
  const { mean, variance } = batchNorm(x, scale, scale, epsilon);
  const deviation = variance.map((value) => Math.sqrt(value + epsilon));
  const normalized = x.map((row) => row.map((value, c) => (value - mean[c]) / deviation[c]));
  const products = dy.map((row, site) => row.map((value, c) => value * normalized[site][c]));
  const meanOf = (rows: readonly (readonly number[])[], c: number) => average(rows.map((row) => row[c]));
  return {
    x: dy.map((row, site) =>
      row.map(
        (value, c) => (scale[c] / deviation[c]) * (value - meanOf(dy, c) - normalized[site][c] * meanOf(products, c)),
      ),
    ),
    scale: scale.map((_, c) => sum(products.map((row) => row[c]))),
    offset: scale.map((_, c) => sum(dy.map((row) => row[c]))),
  };
}

/** The average of nothing is 0. */
function average(values: readonly number[]): number {
  return values.length > 0 ? sum(values) / values.length : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
