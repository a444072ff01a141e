import { sample } from './sample.js';

describe('sample', () => {
  const scores = Float32Array.of(0, Math.log(3), -Infinity, 0);

  it('draws by probability', () => {
    expect([0, 0.19, 0.21, 0.79, 0.81, 0.999].map((chance) => sample(scores, 1, chance))).toEqual([0, 0, 1, 1, 3, 3]);
  });

  it('sharpens at a low temperature and takes the likeliest at 0', () => {
    expect(sample(scores, 0.1, 0.01)).toBe(1);
    expect(sample(scores, 0, 0.99)).toBe(1);
  });

  it('gives a character where rounding leaves a rest', () => {
    expect(sample(scores, 1, 1)).toBe(1);
  });
});
