import { bytesSource, readCheckpoint } from '@tfjs-sparse/converter/checkpoints';
import { writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import { valueHistogram } from './value-histogram.js';

async function histogramOf(tensor: SafetensorsTensor) {
  const file = Uint8Array.from(writeSafetensors([['a', tensor]]));
  const { tensors } = await readCheckpoint(bytesSource('a.safetensors', file));
  return valueHistogram(tensors[0].tensor);
}

describe('valueHistogram', () => {
  it('counts values between the smallest and the largest, and zeros and what is not finite apart', async () => {
    const values = Float32Array.of(-1, 0, 0, 1, 0.99, NaN, Infinity, -Infinity);
    const { low, high, zeros, notFinite, counts } = await histogramOf({ dtype: 'F32', shape: [8], values });
    expect([low, high, zeros, notFinite]).toEqual([-1, 1, 2, 3]);
    expect([counts[0], counts.at(-1), counts.reduce((sum, count) => sum + count)]).toEqual([1, 2, 3]);
  });

  it('has no parts where no value is finite, and one where all are alike', async () => {
    expect(await histogramOf({ dtype: 'F32', shape: [1], values: Float32Array.of(NaN) })).toEqual(
      jasmine.objectContaining({ low: 0, high: 0, counts: [], notFinite: 1 }),
    );
    const { counts } = await histogramOf({ dtype: 'I64', shape: [2], values: BigInt64Array.of(7n, 7n) });
    expect(counts.filter((count) => count > 0)).toEqual([2]);
  });

  it('reads a large tensor in parts', async () => {
    const values = Float32Array.from({ length: 2 ** 20 + 5 }, (_, i) => (i < 2 ** 20 ? 1 : 2));
    const { counts, high } = await histogramOf({ dtype: 'F32', shape: [values.length], values });
    expect([counts[0], counts.at(-1), high]).toEqual([2 ** 20, 5, 2]);
  });
});
