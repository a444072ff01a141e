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
});
