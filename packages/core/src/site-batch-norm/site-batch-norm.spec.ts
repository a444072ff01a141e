import {
  memory,
  ones,
  tensor1d,
  tensor2d,
  zeros,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { siteBatchNorm, siteMoments, siteNormalize } from './op.js';

describe('siteBatchNorm', () => {
  const x = () => tensor2d([1, 2, 3, 4, 5, 9], [3, 2]);

  it('normalizes with the moments of x and returns them', async () => {
    const { y, mean, variance } = siteBatchNorm(x(), tensor1d([1, 2]), tensor1d([0, 10]), 0);
    expect(await mean.array()).toEqual([3, 5]);
    expect((await variance.array()).map((value) => value.toFixed(4))).toEqual(['2.6667', '8.6667']);
    expect(Array.from(await y.data(), (value) => value.toFixed(3))).toEqual([
      '-1.225',
      '7.962',
      '0.000',
      '9.321',
      '1.225',
      '12.717',
    ]);
  });

  it('keeps only what it returns', () => {
    const input = x();
    const scale = tensor1d([1, 1]);
    const before = memory().numTensors;
    const { y, mean, variance } = siteBatchNorm(input, scale, scale);
    siteNormalize(input, mean, variance, scale, scale);
    siteMoments(input);
    expect(memory().numTensors).toBe(before + 6);
    y.dispose();
  });

  const refused: [string, () => unknown, string][] = [
    [
      'rank 1',
      () => siteMoments(tensor1d([1]) as Tensor as Tensor2D),
      'siteMoments: x must have shape [sites, channels], got [1]',
    ],
    ['integers', () => siteMoments(zeros([2, 2], 'int32') as Tensor2D), 'siteMoments: x must be float32, got int32'],
    [
      'a short scale',
      () => siteBatchNorm(x(), tensor1d([1]), tensor1d([1, 1])),
      'siteBatchNorm: scale must have shape [2] (as the channels of x), got [1]',
    ],
    [
      'a variance per cloud',
      () => siteNormalize(x(), ones([2]), tensor2d([[1, 1]]) as Tensor as Tensor1D, ones([2]), ones([2])),
      'siteNormalize: variance must have shape [2] (as the channels of x), got [1, 2]',
    ],
    [
      'a negative epsilon',
      () => siteBatchNorm(x(), ones([2]), ones([2]), -1),
      'siteBatchNorm: epsilon must be 0 or more, got -1',
    ],
    [
      'an epsilon that is no number',
      () => siteBatchNorm(x(), ones([2]), ones([2]), NaN),
      'siteBatchNorm: epsilon must be 0 or more, got NaN',
    ],
  ];
  for (const [name, run, message] of refused) {
    it(`refuses ${name}`, () => expect(run).toThrowError(message));
  }
});
