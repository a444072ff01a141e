import { activationsOf } from './character-text.js';
import { strongestFirst } from './strongest-first.js';
import type { Reading } from './tasks.js';

describe('strongestFirst', () => {
  const found = strongestFirst(Float32Array.of(0, 2, 5, /**/ 0, 0, 0, /**/ 1, 0, -3), 3);

  it('gives the features above 0 of each character', () => {
    const [starts, features, values] = [found.starts, found.features, found.values].map((array) => [...array]);
    expect([starts, features, values]).toEqual([
      [0, 2, 2, 3],
      [2, 1, 0],
      [5, 2, 1],
    ]);
  });

  it('is read back feature by feature', () => {
    const of = (feature: number) => [...activationsOf(found as Reading, feature)];
    expect([of(0), of(1), of(2)]).toEqual([
      [0, 0, 1],
      [2, 0, 0],
      [5, 0, 0],
    ]);
  });
});
