import { seededRandom } from '@tfjs-sparse/core';
import { fitClassMixture } from './class-mixture.js';

describe('fitClassMixture', () => {
  const random = seededRandom(7);
  const noise = () => random() + random() + random() - 1.5; // mean 0, variance 1/4
  const classes = Array.from({ length: 4000 }, (_, i) => i % 2);
  const rows = classes.map((label) => [10 * label + noise(), 3 * noise(), 0]);
  const mixture = fitClassMixture(rows, classes);

  it('recovers the mean and the shrunken deviation of each class', () => {
    const { means, covarianceFactors } = mixture.toJSON();
    expect(means[0][0]).toBeCloseTo(0, 1);
    expect(means[1][0]).toBeCloseTo(10, 1);
    const wholeVariance = 25 + 0.25;
    expect(covarianceFactors[0][0]).toBeCloseTo(Math.sqrt(0.25 + 0.05 * wholeVariance), 1);
    expect(covarianceFactors[1][2]).toBeCloseTo(Math.sqrt(2.25 * 1.05), 1);
  });

  it('finds a row between the classes less usual than one in a class', () => {
    expect(mixture.logDensity([5, 0, 0])).toBeLessThan(mixture.logDensity([10, 0, 0]) - 5);
  });
});
