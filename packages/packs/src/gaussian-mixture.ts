import { requireRange } from '@tfjs-sparse/core';
import { finite, integer, list, object } from './schema.js';

const maxComponents = 1024;
const maxDimension = 1024;

const mixtureReader = object({
  dimension: integer(1, maxDimension),
  weights: list(finite, { minimum: 1, maximum: maxComponents }),
  means: list(list(finite, { maximum: maxDimension }), { minimum: 1, maximum: maxComponents }),
  covarianceFactors: list(list(finite, { maximum: packedLength(maxDimension) }), {
    minimum: 1,
    maximum: maxComponents,
  }),
});

/** What a mixture is saved as. */
export type GaussianMixtureJson = ReturnType<typeof mixtureReader>;

/**
 * A mixture of Gaussians with full covariances, in float64. Its negative log density says how unlike the training data
 * a latent vector is.
 */
export class GaussianMixture {
  readonly dimension: number;
  readonly #components: readonly Component[];

  /**
   * @param json `weights` `[components]`, summing to 1; `means` `[components][dimension]`; `covarianceFactors`
   *   `[components][dimension * (dimension + 1) / 2]`: the rows, up to the diagonal, of the lower Cholesky factor of
   *   each covariance, diagonal > 0
   */
  private constructor(private readonly json: GaussianMixtureJson) {
    this.dimension = json.dimension;
    this.#components = json.weights.map((weight, index) =>
      makeComponent(weight, Float64Array.from(json.means[index]), Float64Array.from(json.covarianceFactors[index])),
    );
  }

  /** Checks a parsed JSON value. @throws RangeError or TypeError that names the field, the rule and the value */
  static fromJSON(value: unknown): GaussianMixture {
    const json = mixtureReader(value, { op, path: 'json' });
    const { dimension, weights, means, covarianceFactors } = json;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    requireRange(
      weights.every((weight) => weight > 0),
      op,
      'json.weights must be > 0',
      weights,
    );
    requireRange(Math.abs(total - 1) < 1e-6, op, 'json.weights must sum to 1', total);
    requireLengths('means', means, weights.length, dimension);
    requireLengths('covarianceFactors', covarianceFactors, weights.length, packedLength(dimension));
    for (const factor of covarianceFactors) {
      for (let row = 0; row < dimension; row++) {
        const diagonal = factor[packedLength(row + 1) - 1];
        requireRange(diagonal > 0, op, 'the diagonals of json.covarianceFactors must be > 0', diagonal);
      }
    }
    return new GaussianMixture(json);
  }

  toJSON(): GaussianMixtureJson {
    return this.json;
  }

  /** Natural logarithm of the density at `latent` `[dimension]`. */
  logDensity(latent: ArrayLike<number>): number {
    requireRange(latent.length === this.dimension, op, `latent must have ${this.dimension} values`, latent.length);
    const isFinite = Array.from(latent).every(Number.isFinite);
    requireRange(isFinite, op, 'latent must hold finite numbers', Array.from(latent));
    const logs = this.#components.map((component) => logTerm(component, latent));
    const largest = Math.max(...logs);
    return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
  }
}

const op = 'GaussianMixture';

interface Component {
  readonly mean: Float64Array;
  /** Lower Cholesky factor of the covariance, rows up to the diagonal. */
  readonly factor: Float64Array;
  /** log(weight) - dimension/2 log(2 pi) - log(det(factor)) */
  readonly logScale: number;
}

function makeComponent(weight: number, mean: Float64Array, factor: Float64Array): Component {
  let logScale = Math.log(weight) - (mean.length / 2) * Math.log(2 * Math.PI);
  for (let row = 0; row < mean.length; row++) logScale -= Math.log(factor[packedLength(row + 1) - 1]);
  return { mean, factor, logScale };
}

/** log(weight N(latent; mean, L Lᵀ)): with L z = latent - mean the exponent is -|z|²/2. */
function logTerm({ mean, factor, logScale }: Component, latent: ArrayLike<number>): number {
  const z = new Float64Array(mean.length);
  let squares = 0;
  for (let row = 0, start = 0; row < mean.length; start += ++row) {
    let rest = latent[row] - mean[row];
    for (let column = 0; column < row; column++) rest -= factor[start + column] * z[column];
    z[row] = rest / factor[start + row];
    squares += z[row] * z[row];
  }
  return logScale - squares / 2;
}

function requireLengths(name: string, rows: readonly (readonly number[])[], count: number, length: number): void {
  requireRange(rows.length === count, op, `json.${name} must have ${count} entries (one per weight)`, rows.length);
  const odd = rows.find((row) => row.length !== length);
  requireRange(odd === undefined, op, `each of json.${name} must have ${length} numbers`, odd?.length);
}

/** Entries of a lower triangle. */
function packedLength(dimension: number): number {
  return (dimension * (dimension + 1)) / 2;
}
