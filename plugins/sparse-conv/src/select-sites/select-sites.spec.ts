import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { sparseTensor } from '@tfjs-sparse/core';
import '../register.js';
import { cropSites, pruneByScore, pruneSites, scoreMask, selectSites } from './op.js';

/** Three sites in cloud 0, none in 1, two in 2. */
const clouds = () =>
  sparseTensor(
    tf.tensor2d([[1], [2], [3], [4], [5]]),
    [
      [0, 0],
      [0, 1],
      [0, 5],
      [2, 0],
      [2, 9],
    ],
    { spatialShape: [10], batchSize: 4 },
  );

describe('sites that are kept', () => {
  it('stay on the grid that they were on', () => {
    const { map } = pruneSites(clouds(), [true, false, true, false, false]);
    expect(Array.from(map.coordinates)).toEqual([0, 0, 0, 5]);
    expect([map.spatialShape, map.batchSize]).toEqual([[10], 4]);
  });

  it('are the best of each cloud, the first of equal ones, NaN last', () => {
    const { map } = clouds();
    expect(Array.from(scoreMask(map, [1, 1, 1, NaN, -5], { count: 1 }))).toEqual([1, 0, 0, 0, 1]);
    expect(Array.from(scoreMask(map, [1, 3, 2, NaN, 0], { count: 2 }))).toEqual([0, 1, 1, 1, 1]);
    expect(Array.from(scoreMask(map, [1, 3, 2, NaN, 0], { count: 0 }))).toEqual([0, 0, 0, 0, 0]);
  });

  it('score more than the threshold', () => {
    expect(Array.from(scoreMask(clouds().map, [1, 3, 2, NaN, 0], { threshold: 1 }))).toEqual([0, 1, 1, 0, 0]);
  });

  it('are found from scores on the device', async () => {
    const scores = tf.tensor2d([0, 0, 1, 0, 1], [5, 1]);
    const y = await pruneByScore(clouds(), scores, { threshold: 0.5 });
    expect(Array.from(await y.features.data())).toEqual([3, 5]);
  });

  it('leave one tensor', () => {
    const x = clouds();
    const before = tf.memory().numTensors;
    cropSites(x, { start: [1] });
    selectSites(x, [4, 0]);
    expect(tf.memory().numTensors).toBe(before + 2);
  });

  const refused: [string, () => unknown, string][] = [
    ['a short mask', () => pruneSites(clouds(), [1]), 'pruneSites: mask must have 5 entries (one per site), got 1'],
    [
      'a tensor as mask',
      () => pruneSites(clouds(), tf.ones([5]) as never),
      'pruneSites: mask must be on the host (await tensor.data()), got object',
    ],
    [
      'a row twice',
      () => selectSites(clouds(), [1, 1]),
      'selectSites: rows must be different integers from 0 to 4, got 1',
    ],
    [
      'a row too far',
      () => selectSites(clouds(), [5]),
      'selectSites: rows must be different integers from 0 to 4, got 5',
    ],
    [
      'a fraction of a row',
      () => selectSites(clouds(), [1.5]),
      'selectSites: rows must be integers of 32 bits, got 1.5 at 0',
    ],
    [
      'rows of 64 bits',
      () => selectSites(clouds(), BigInt64Array.of(1n) as never),
      'selectSites: rows must be an array or typed array of numbers, got BigInt64Array',
    ],
    [
      'a mask of 64 bits',
      () => pruneSites(clouds(), new BigInt64Array(5) as never),
      'pruneSites: mask must be an array or typed array of numbers, got BigInt64Array',
    ],
    [
      'a mask of texts',
      () => pruneSites(clouds(), ['0', '1', '0', '1', '0'] as never),
      'pruneSites: mask must be an array or typed array of numbers, got an array of string',
    ],
    [
      'scores of 64 bits',
      () => scoreMask(clouds().map, new BigInt64Array(5) as never, { threshold: 0 }),
      'scoreMask: scores must be an array or typed array of numbers, got BigInt64Array',
    ],
    [
      'a short bound',
      () => cropSites(clouds(), { end: [] }),
      'cropSites: end must have 1 integers (one per axis), got []',
    ],
    [
      'a broken count',
      () => scoreMask(clouds().map, [0, 0, 0, 0, 0], { count: 0.5 }),
      'scoreMask: count must be an integer >= 0, got 0.5',
    ],
    [
      'a threshold of NaN',
      () => scoreMask(clouds().map, [0, 0, 0, 0, 0], { threshold: NaN }),
      'scoreMask: threshold must be a number, got NaN',
    ],
    [
      'scores on the device',
      () => scoreMask(clouds().map, tf.ones([5]) as never, { threshold: 0 }),
      'scoreMask: scores must be on the host (await tensor.data()), got object',
    ],
    [
      'few scores',
      () => scoreMask(clouds().map, [0], { threshold: 0 }),
      'scoreMask: scores must have 5 entries (one per site), got 1',
    ],
  ];
  for (const [name, run, message] of refused) {
    it(`do not come of ${name}`, () => expect(run).toThrowError(message));
  }
});
