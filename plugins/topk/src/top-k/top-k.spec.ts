import { tensor2d, tidy, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { seededRandom } from '@tfjs-sparse/core';
import { topKCpu } from './cpu.js';
import { topK } from './op.js';

/** Few different ones, so that rows are full of ties; -0 among them equals 0. */
const drawn = [-Infinity, -2, -1, -0, 0, 1, 3, Infinity, NaN];

describe('the selection of topK', () => {
  beforeAll(() => setBackend('cpu'));

  it('gives what sorting gives, for widths around its steps and every k', () => {
    const next = seededRandom(4400);
    for (const width of [1, 2, 3, 15, 16, 17, 18, 33, 50, 260]) {
      const rows = 3;
      const values = Float32Array.from({ length: rows * width }, () => drawn[Math.floor(next() * drawn.length)]);
      for (let k = 0; k <= width; k++) {
        const { indices } = topKCpu({ x: { shape: [rows, width], values } }, { k, counts: null, width });
        const selected = tidy(() => topK(tensor2d(values, [rows, width]), { k }).indices.dataSync());
        expect([...selected])
          .withContext(`${k} of ${width}`)
          .toEqual([...indices.values]);
      }
    }
  });

  // The kernel guesses from a row what the greatest of the next one reach.
  it('gives what sorting gives where rows are alike, change their scale, or hold NaN and infinities', () => {
    const next = seededRandom(4401);
    const [rows, width] = [48, 300];
    const scales = [1, 1, 1, 1, 1000, 1e-3, 1, 3e38];
    const values = Float32Array.from({ length: rows * width }, (_, i) => {
      const row = Math.floor(i / width);
      const value = (next() - 0.5) * (row < 32 ? 1 : scales[row % scales.length]);
      return row % 5 === 4 && i % 97 === 0 ? [NaN, Infinity, -Infinity][i % 3] : value;
    });
    for (const k of [1, 5, 32, 120]) {
      const { indices } = topKCpu({ x: { shape: [rows, width], values } }, { k, counts: null, width });
      const selected = tidy(() => topK(tensor2d(values, [rows, width]), { k }).indices.dataSync());
      expect([...selected])
        .withContext(`${k}`)
        .toEqual([...indices.values]);
    }
  });
});
