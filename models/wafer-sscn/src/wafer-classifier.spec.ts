import { classifyWafers } from './wafer-classifier.js';

describe('classifyWafers', () => {
  for (const [name, maps, got] of [
    ['no maps', undefined, 'undefined'],
    ['null', null, 'null'],
    ['one map alone', { height: 1, width: 1, values: [1] }, 'Object'],
    ['the cells of a map', [0, 1, 2], 'an array of number'],
  ] as const) {
    it(`refuses ${name}`, () =>
      expectAsync(classifyWafers(maps as never)).toBeRejectedWithError(
        TypeError,
        `classifyWafers: maps must be a list of maps, got ${got}`,
      ));
  }

  for (const [height, width] of [
    [64, 64],
    [26, 30],
    [100, 64],
  ]) {
    it(`refuses the rows of one map of ${height} x ${width}, which are no list of maps`, () =>
      expectAsync(
        classifyWafers(Array.from({ length: height }, () => new Uint8Array(width).fill(1))),
      ).toBeRejectedWithError(
        TypeError,
        `classifyWafers: maps must be a list of maps, of one too: [map], got ${height} rows of ${width} cells`,
      ));
  }

  it('names itself in what is wrong with a map', () =>
    expectAsync(classifyWafers([[3]])).toBeRejectedWithError(
      RangeError,
      'classifyWafers: cells must be 0 (outside), 1 (pass) or 2 (fail), got 3',
    ));

  it('refuses an option whose name it does not know', () =>
    expectAsync(classifyWafers([], { sourc: '/packs/' } as never)).toBeRejectedWithError(
      TypeError,
      'classifyWafers: options must be of source, onProgress, cache, fetch, signal, got sourc',
    ));
});
