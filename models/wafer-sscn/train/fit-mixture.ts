import { seededRandom } from '@tfjs-sparse/layers';
import { GaussianMixture } from '@tfjs-sparse/packs';
import { choleskyFactor } from './cholesky.js';

export interface FitMixtureOptions {
  readonly components: number;
  readonly seed: number;
  /** Added to the diagonal of every covariance, in units of the mean variance of a column; default 1e-3. */
  readonly regularization?: number;
  /** Steps of expectation maximisation at most; default 100. */
  readonly iterations?: number;
}

/**
 * Fits a mixture of Gaussians with full covariances by expectation maximisation from a k-means++ start
 * (Bishop, Pattern Recognition and Machine Learning, 9.2). The same rows, options and seed give the same mixture.
 *
 * @param rows `[samples][dimension]`
 */
export function fitGaussianMixture(
  rows: readonly ArrayLike<number>[],
  { components, seed, regularization = 1e-3, iterations = 100 }: FitMixtureOptions,
): GaussianMixture {
  if (rows.length < components) {
    throw new RangeError(
      `fitGaussianMixture: rows must be at least ${components} (the components), got ${rows.length}`,
    );
  }
  const ridge = regularization * meanVariance(rows);
  const centres = chooseCentres(rows, components, seededRandom(seed));
  let mixture = maximise(
    rows,
    rows.map((row) => nearestCentre(row, centres)),
    ridge,
  );
  let likelihood = -Infinity;
  for (let step = 0; step < iterations; step++) {
    const expected = expect(rows, mixture);
    if (expected.likelihood - likelihood < tolerance) break;
    likelihood = expected.likelihood;
    mixture = maximise(rows, expected.shares, ridge);
  }
  return mixture;
}

const tolerance = 1e-6; // nats per row: a smaller gain changes no score that anyone compares
const leastCount = 1e-6; // rows of a component that lost all of its rows, so that its weight stays > 0

/** Share of each component in each row `[samples][components]`, and the mean log density. */
function expect(
  rows: readonly ArrayLike<number>[],
  mixture: GaussianMixture,
): { shares: Float64Array[]; likelihood: number } {
  let total = 0;
  const shares = rows.map((row) => {
    const logDensity = mixture.logDensity(row);
    total += logDensity;
    return mixture.logTerms(row).map((term) => Math.exp(term - logDensity));
  });
  return { shares, likelihood: total / rows.length };
}

/** The mixture under which the rows, shared out like this, are likeliest. */
function maximise(rows: readonly ArrayLike<number>[], shares: readonly Float64Array[], ridge: number): GaussianMixture {
  const dimension = rows[0].length;
  const components = Array.from(shares[0].keys(), (component) => {
    const count = shares.reduce((sum, share) => sum + share[component], leastCount);
    const mean = new Float64Array(dimension);
    rows.forEach((row, i) =>
      mean.forEach((_, column) => (mean[column] += (shares[i][component] / count) * row[column])),
    );
    return { count, mean, factor: choleskyFactor(covariance(rows, shares, component, count, mean, ridge), dimension) };
  });
  const total = components.reduce((sum, { count }) => sum + count, 0);
  return GaussianMixture.fromJSON({
    dimension,
    weights: components.map(({ count }) => count / total),
    means: components.map(({ mean }) => [...mean]),
    covarianceFactors: components.map(({ factor }) => [...factor]),
  });
}

/** Lower triangle, row by row, of the covariance of one component plus `ridge` on the diagonal. */
function covariance(
  rows: readonly ArrayLike<number>[],
  shares: readonly Float64Array[],
  component: number,
  count: number,
  mean: Float64Array,
  ridge: number,
): Float64Array {
  const triangle = new Float64Array((mean.length * (mean.length + 1)) / 2);
  const centred = new Float64Array(mean.length);
  rows.forEach((row, i) => {
    const share = shares[i][component] / count;
    if (share === 0) return;
    for (let column = 0; column < mean.length; column++) centred[column] = row[column] - mean[column];
    for (let a = 0, entry = 0; a < mean.length; a++) {
      for (let b = 0; b <= a; b++) triangle[entry++] += share * centred[a] * centred[b];
    }
  });
  for (let a = 0, diagonal = 0; a < mean.length; diagonal += ++a + 1) triangle[diagonal] += ridge;
  return triangle;
}

/** k-means++ (Arthur and Vassilvitskii 2007): each next centre is a row drawn by its squared distance to the nearest. */
function chooseCentres(rows: readonly ArrayLike<number>[], count: number, random: () => number): ArrayLike<number>[] {
  const centres = [rows[Math.floor(random() * rows.length)]];
  const distances = rows.map((row) => squaredDistance(row, centres[0]));
  while (centres.length < count) {
    let rest = random() * distances.reduce((sum, distance) => sum + distance, 0);
    const drawn = distances.findIndex((distance) => (rest -= distance) < 0);
    const centre = rows[Math.max(drawn, 0)]; // none is drawn when all rows are centres
    centres.push(centre);
    rows.forEach((row, i) => (distances[i] = Math.min(distances[i], squaredDistance(row, centre))));
  }
  return centres;
}

/** 1 for the nearest centre, 0 for the others; the lower index of equals. */
function nearestCentre(row: ArrayLike<number>, centres: readonly ArrayLike<number>[]): Float64Array {
  const distances = centres.map((centre) => squaredDistance(row, centre));
  const shares = new Float64Array(centres.length);
  shares[distances.indexOf(Math.min(...distances))] = 1;
  return shares;
}

function meanVariance(rows: readonly ArrayLike<number>[]): number {
  const dimension = rows[0].length;
  const mean = Array.from(
    { length: dimension },
    (_, column) => rows.reduce((sum, row) => sum + row[column], 0) / rows.length,
  );
  return rows.reduce((sum, row) => sum + squaredDistance(row, mean), 0) / (rows.length * dimension);
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
