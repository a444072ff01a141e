import { GaussianMixture } from './gaussian-mixture.js';

/** Covariances [[4, 2], [2, 10]] (factor [[2, 0], [1, 3]]) and the identity. */
const json = {
  dimension: 2,
  weights: [0.25, 0.75],
  means: [
    [1, -1],
    [0, 5],
  ],
  covarianceFactors: [
    [2, 1, 3],
    [1, 0, 1],
  ],
};

describe('GaussianMixture', () => {
  it('is the log of the weighted densities', () => {
    const [dx, dy] = [3 - 1, 2 - -1];
    const [determinant, squares] = [4 * 10 - 2 * 2, (10 * dx * dx - 4 * dx * dy + 4 * dy * dy) / 36]; // by the inverse
    const first = Math.exp(-squares / 2) / (2 * Math.PI * Math.sqrt(determinant));
    const second = Math.exp(-(3 * 3 + 3 * 3) / 2) / (2 * Math.PI);
    const density = GaussianMixture.fromJSON(json).logDensity(Float32Array.of(3, 2));
    expect(density).toBeCloseTo(Math.log(0.25 * first + 0.75 * second), 12);
  });

  it('does not underflow far from all means', () => {
    const density = GaussianMixture.fromJSON(json).logDensity([1e4, 0]);
    expect(density).toBeLessThan(-1e6);
    expect(density).toBeGreaterThan(-Infinity);
  });

  it('survives JSON', () => {
    const mixture = GaussianMixture.fromJSON(json);
    const again = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(mixture)));
    expect(again.logDensity([0, 0])).toBe(mixture.logDensity([0, 0]));
  });

  const refused: [string, unknown, RegExp][] = [
    ['what is no object', null, /json must be an object, got null$/],
    ['weights that do not sum to 1', { ...json, weights: [0.5, 0.6] }, /json.weights must sum to 1, got 1.1$/],
    ['a weight of 0', { ...json, weights: [0, 1] }, /json.weights must be > 0, got \[0, 1\]$/],
    ['a missing mean', { ...json, means: [[1, 2]] }, /json.means must have 2 entries \(one per weight\), got 1$/],
    ['a short mean', { ...json, means: [[1, 2], [3]] }, /each of json.means must have 2 numbers, got 1$/],
    [
      'NaN',
      {
        ...json,
        means: [
          [1, 2],
          [3, NaN],
        ],
      },
      /json.means\[1\]\[1\] must be a finite number, got null$/,
    ],
    [
      'a singular covariance',
      {
        ...json,
        covarianceFactors: [
          [2, 1, 0],
          [1, 0, 1],
        ],
      },
      /diagonals of json.covarianceFactors must be > 0, got 0$/,
    ],
    [
      'a huge dimension',
      { ...json, dimension: 1e9 },
      /json.dimension must be an integer from 1 to 1024, got 1000000000$/,
    ],
  ];
  for (const [what, value, message] of refused) {
    it(`refuses ${what}`, () => expect(() => GaussianMixture.fromJSON(value)).toThrowError(message));
  }

  it('refuses latent vectors that do not fit', () => {
    const mixture = GaussianMixture.fromJSON(json);
    expect(() => mixture.logDensity([1])).toThrowError('GaussianMixture: latent must have 2 values, got 1');
    expect(() => mixture.logDensity([1, NaN])).toThrowError(
      'GaussianMixture: latent must hold finite numbers, got [1, NaN]',
    );
  });
});
