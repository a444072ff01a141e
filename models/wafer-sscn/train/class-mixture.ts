import { GaussianMixture } from '@tfjs-sparse/packs';

// Shares of a class's own variance and of the variance within all classes, and what is added to both, in units of the
// whole variance of a dimension: rare classes borrow from the others.
const ownShare = 0.9;
const pooledShare = 0.1;
const ridge = 0.05;

/**
 * A mixture of one Gaussian per class with diagonal covariance and equal weights, fitted to labelled latent vectors.
 * Equal weights keep rare classes as usual as frequent ones.
 *
 * @param rows    `[samples][dimension]`
 * @param classes class of each row
 */
export function fitClassMixture(rows: readonly ArrayLike<number>[], classes: readonly number[]): GaussianMixture {
  const dimension = rows[0].length;
  const labels = [...new Set(classes)].sort((a, b) => a - b);
  const whole = moments(rows, dimension);
  const scale = whole.variance.map((variance) => variance || 1); // a unit that never fires has variance 0
  const groups = labels.map((label) => rows.filter((_, i) => classes[i] === label));
  const fitted = groups.map((group) => moments(group, dimension));
  const pooled = scale.map((_, column) =>
    fitted.reduce((sum, { variance }, group) => sum + (variance[column] * groups[group].length) / rows.length, 0),
  );
  const variances = fitted.map(({ variance }) =>
    variance.map((own, column) => ownShare * own + pooledShare * pooled[column] + ridge * scale[column]),
  );
  return GaussianMixture.fromJSON({
    dimension,
    weights: labels.map(() => 1 / labels.length),
    means: fitted.map(({ mean }) => mean),
    covarianceFactors: variances.map(diagonalFactor),
  });
}

function moments(rows: readonly ArrayLike<number>[], dimension: number): { mean: number[]; variance: number[] } {
  const columns = Array.from({ length: dimension }, (_, column) => column);
  const mean = columns.map((column) => rows.reduce((sum, row) => sum + row[column], 0) / rows.length);
  const variance = columns.map(
    (column) => rows.reduce((sum, row) => sum + (row[column] - mean[column]) ** 2, 0) / rows.length,
  );
  return { mean, variance };
}

/** The packed lower Cholesky factor of a diagonal covariance. */
function diagonalFactor(variance: readonly number[]): number[] {
  return variance.flatMap((value, row) => [...Array<number>(row).fill(0), Math.sqrt(value)]);
}
