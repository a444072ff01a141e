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
});
