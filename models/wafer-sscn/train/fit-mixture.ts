import { GaussianMixture } from '@tfjs-sparse/packs';

export interface FitMixtureOptions {
  readonly components: number;
  readonly seed: number;
  /** Added to the diagonal of every covariance, in units of the mean variance of a column; default 1e-3. */
  readonly regularization?: number;
  /** Steps of expectation maximisation at most; default 100. */
  readonly iterations?: number;
}

/**
 * Fits a mixture of Gaussians with full covariances by expectation maximisation from a k-means++ start.
 * The same rows, options and seed give the same mixture.
 *
 * @param rows `[samples][dimension]`
 */
export function fitGaussianMixture(
  rows: readonly ArrayLike<number>[],
  { components, seed, regularization = 1e-3, iterations = 100 }: FitMixtureOptions,
): GaussianMixture {
  if (rows.length < components) {
    throw new RangeError(`fitGaussianMixture: rows must be at least ${components} (one per component), got ${rows.length}`);
  }
  const ridge = regularization * meanVariance(rows);
  const centres = chooseCentres(rows, components, seededRandom(seed));
  let shares = rows.map((row) => oneHot(nearest(row, centres), components));
  let mixture = maximised(rows, shares, ridge);
  let likelihood = -Infinity;
  for (let step = 0; step < iterations; step++) {
    const expected = expectation(rows, mixture);
    if (expected.likelihood - likelihood < tolerance) break;
    ({ likelihood, shares } = expected);
    mixture = maximised(rows, shares, ridge);
  }
  return GaussianMixture.fromJSON(mixture);
}

const tolerance = 1e-6; // nats per row: below this a step changes no score that anyone compares
