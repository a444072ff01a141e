import { areaUnderRoc, qualityOf, quantile } from './quality.js';

describe('quality', () => {
  it('counts a confusion matrix and its scores', () => {
    const { accuracy, macroF1, f1, confusion } = qualityOf([0, 0, 1, 1], [0, 1, 1, 1], 2);
    expect(confusion).toEqual([
      [1, 1],
      [0, 2],
    ]);
    expect(accuracy).toBe(0.75);
    expect(f1).toEqual([2 / 3, 0.8]);
    expect(macroF1).toBeCloseTo((2 / 3 + 0.8) / 2, 12);
  });

  it('gives the area under the ROC curve, ties counting half', () => {
    expect(areaUnderRoc([1, 2], [3, 4])).toBe(1);
    expect(areaUnderRoc([3, 4], [1, 2])).toBe(0);
    expect(areaUnderRoc([1, 1], [1, 1])).toBe(0.5);
    expect(areaUnderRoc([1, 3], [2, 4])).toBe(0.75);
  });

  it('gives quantiles', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(3);
  });
});
