import { seededRandom } from '@tfjs-sparse/layers';
import { fitGaussianMixture } from './fit-mixture.js';

/** 2000 rows of N([-4, 0], I) and 1000 of N([4, 2], [[4, 2], [2, 10]]). */
function knownRows(): Float64Array[] {
  const random = seededRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: 3000 }, (_, i) => {
    const [u, v] = [normal(), normal()];
    return i % 3 > 0 ? Float64Array.of(u - 4, v) : Float64Array.of(2 * u + 4, u + 3 * v + 2);
  });
}

describe('fitGaussianMixture', () => {
  it('recovers two known Gaussians', () => {
    const { weights, means, covarianceFactors } = fitGaussianMixture(knownRows(), {
      components: 2,
      seed: 1,
      regularization: 1e-6,
    }).toJSON();
    const left = means[0][0] < means[1][0] ? 0 : 1;
    const near = (values: readonly number[], expected: number[]) =>
      values.forEach((value, i) =>
        expect(Math.abs(value - expected[i]))
          .withContext(`${values}`)
          .toBeLessThan(0.25),
      );
    near([weights[left]], [2 / 3]);
    near(means[left], [-4, 0]);
    near(means[1 - left], [4, 2]);
    near(covarianceFactors[left], [1, 0, 1]);
    near(covarianceFactors[1 - left], [2, 1, 3]);
  });

  it('gives the same mixture for the same seed', () => {
    const [first, again] = [1, 2].map(() => fitGaussianMixture(knownRows(), { components: 3, seed: 7, iterations: 5 }));
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  });

  it('takes columns that never change and rows that are all the same', () => {
    const rows = knownRows().map(([x]) => [x, 0]);
    expect(fitGaussianMixture(rows, { components: 2, seed: 1 }).logDensity([-4, 0])).toBeGreaterThan(-3);
    const same = Array.from({ length: 4 }, () => [1, 2]);
    expect(() => fitGaussianMixture(same, { components: 2, seed: 1 })).toThrowError(
      /must be positive definite, got pivot 0/,
    );
  });

  it('refuses fewer rows than components', () => {
    expect(() => fitGaussianMixture([[1]], { components: 2, seed: 1 })).toThrowError(
      'fitGaussianMixture: rows must be at least 2 (the components), got 1',
    );
  });
});
