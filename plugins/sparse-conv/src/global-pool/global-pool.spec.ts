import { memory, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { sparseTensor, type Reduction } from '@tfjs-sparse/core';
import '../register.js';
import { globalPool } from './op.js';

describe('globalPool', () => {
  /** Three clouds of one, none and two sites. */
  const clouds = () =>
    sparseTensor(
      tensor2d([[1], [-4], [-2]]),
      [
        [0, 5],
        [2, 1],
        [2, 7],
      ],
      { batchSize: 3 },
    );

  const expected: [Reduction, number[]][] = [
    ['mean', [1, 0, -3]],
    ['max', [1, 0, -2]],
    ['sum', [1, 0, -6]],
  ];
  for (const [reduction, values] of expected) {
    it(`gives the ${reduction} per cloud and zeros for an empty one`, async () => {
      const x = clouds();
      const before = memory().numTensors;
      const y = globalPool(x, reduction);
      expect(memory().numTensors).toBe(before + 1);
      expect(await y.data()).toEqual(Float32Array.from(values));
    });
  }

  it('refuses another reduction', () => {
    expect(() => globalPool(clouds(), 'avg' as Reduction)).toThrowError(
      "globalPool: reduction must be 'sum', 'mean' or 'max', got avg",
    );
  });
});
