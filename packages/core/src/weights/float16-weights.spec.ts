import { io } from '@tensorflow/tfjs-core';
import { withFloat16Weights } from './float16-weights.js';

/** What tfjs reads back of float32 values stored as float16. */
function readBack(values: readonly number[]): number[] {
  const stored = withFloat16Weights(artifactsOf(values));
  const { kernel } = io.decodeWeights(stored.weightData!, stored.weightSpecs!);
  const numbers = [...kernel.dataSync()];
  kernel.dispose();
  return numbers;
}

function artifactsOf(values: readonly number[]): io.ModelArtifacts {
  return {
    weightSpecs: [{ name: 'kernel', shape: [values.length], dtype: 'float32' }],
    weightData: Float32Array.from(values).buffer,
  };
}

describe('withFloat16Weights', () => {
  it('keeps what float16 can hold', () => {
    const values = [0, 1, -1, 0.5, -2.75, 65504, -65504, 2 ** -14, 2 ** -24, -(2 ** -24), 1023 * 2 ** -24, Infinity];
    expect(readBack(values)).toEqual(values);
    expect(Number.isNaN(readBack([NaN])[0])).toBeTrue();
  });

  it('rounds to the nearest, ties to even', () => {
    const step = 2 ** -10; // of the numbers from 1 to 2
    expect(readBack([1 + 0.5 * step, 1 + 1.5 * step, 1 + 0.51 * step, 1 + 0.49 * step])).toEqual([
      1,
      1 + 2 * step,
      1 + step,
      1,
    ]);
    expect(readBack([2 - step / 4, 2 ** -14 - 2 ** -26, 2 ** -26, 3 * 2 ** -26])).toEqual([2, 2 ** -14, 0, 2 ** -24]);
    expect(readBack([65519])).toEqual([65504]);
  });

  it('halves the bytes and leaves integers alone', () => {
    const artifacts: io.ModelArtifacts = {
      weightSpecs: [
        { name: 'steps', shape: [2], dtype: 'int32' },
        { name: 'kernel', shape: [3], dtype: 'float32' },
      ],
      weightData: new Int32Array([7, -8, 0, 0, 0]).buffer,
    };
    const stored = withFloat16Weights(artifacts);
    expect((stored.weightData as ArrayBuffer).byteLength).toBe(8 + 6);
    const { steps, kernel } = io.decodeWeights(stored.weightData!, stored.weightSpecs!);
    expect([...steps.dataSync()]).toEqual([7, -8]);
    expect([...kernel.dataSync()]).toEqual([0, 0, 0]);
  });

  it('refuses what float16 cannot hold', () => {
    expect(() => readBack([70000])).toThrowError(
      RangeError,
      'withFloat16Weights: weights of kernel must be within 65504, got 70000',
    );
  });
});
