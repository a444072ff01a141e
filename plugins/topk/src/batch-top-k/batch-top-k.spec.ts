import { tensor2d, tidy, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { seededRandom } from '@tfjs-sparse/core';
import { batchTopKCpu } from './cpu.js';
import { batchTopK } from './op.js';

const [rows, width, k] = [1040, 200, 1]; // a thousand of many: the kernel takes a sample

/** Beside what is drawn, values of which a sample does not tell. */
const batches: Readonly<Record<string, (drawn: number, i: number) => number>> = {
  drawn: (drawn) => drawn,
  'with NaN and infinities': (drawn, i) => (i % 997 === 0 ? [NaN, Infinity, -Infinity][i % 3] : drawn),
  ties: (drawn) => Math.round(200 * drawn),
  equal: () => -0,
  ascending: (_drawn, i) => i,
  'great in a few rows': (drawn, i) => (i < 3000 ? 9 + drawn : drawn),
  'great in the sample': (drawn, i) => (i % 3200 < 16 ? 9 + drawn : drawn),
};

describe('the selection of batchTopK', () => {
  beforeAll(() => setBackend('cpu'));

  for (const [name, valueOf] of Object.entries(batches)) {
    it(`gives what sorting gives: ${name}`, () => {
      const next = seededRandom(4700);
      const values = Float32Array.from({ length: rows * width }, (_, i) => valueOf(next() * next(), i));
      const input = { x: { shape: [rows, width], values } };
      const expected = batchTopKCpu(input, { count: rows * k, elements: rows * width });
      const [ofValues, ofIndices] = tidy(() => {
        const selected = batchTopK(tensor2d(values, [rows, width]), { k });
        return [selected.values.dataSync(), selected.indices.dataSync()];
      });
      expect([...ofIndices]).toEqual([...expected.indices.values]);
      expect([...ofValues]).toEqual([...expected.values.values]);
    });
  }
});
