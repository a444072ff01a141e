import { memory, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { sparseTensor } from '@tfjs-sparse/core';
import '../register.js';
import { globalPool, type GlobalPoolMode } from './op.js';

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

  const expected: [GlobalPoolMode, number[]][] = [
    ['avg', [1, 0, -3]],
    ['max', [1, 0, -2]],
    ['sum', [1, 0, -6]],
  ];
  for (const [mode, values] of expected) {
    it(`gives ${mode} per cloud and zeros for an empty one`, async () => {
      const x = clouds();
      const before = memory().numTensors;
      const y = globalPool(x, mode);
      expect(memory().numTensors).toBe(before + 1);
      expect(await y.data()).toEqual(Float32Array.from(values));
    });
  }

  it('refuses another mode', () => {
    expect(() => globalPool(clouds(), 'mean' as GlobalPoolMode)).toThrowError(
      "globalPool: mode must be 'avg', 'max' or 'sum', got mean",
    );
  });
});
