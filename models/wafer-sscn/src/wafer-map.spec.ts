import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gridOf, type WaferMap } from './wafer-map.js';

describe('a wafer map', () => {
  const values = [0, 1, 2, 2, 1, 0];
  const grid = { height: 2, width: 3, values: Int32Array.from(values) };
  const forms: Record<string, () => WaferMap> = {
    rows: () => [
      [0, 1, 2],
      [2, 1, 0],
    ],
    'rows of bytes': () => [Uint8Array.of(0, 1, 2), Uint8Array.of(2, 1, 0)],
    'height, width and values': () => ({ height: 2, width: 3, values: Uint8Array.from(values) }),
    'an array with a shape': () => ({ shape: [2, 3], data: Uint8Array.from(values) }),
    'a transposed view': () => ({ shape: [2, 3], data: [9, 0, 2, 1, 1, 2, 0], stride: [1, 2], offset: 1 }),
    'a tensor': () => tf.tensor2d(values, [2, 3], 'int32'),
  };
  for (const [what, map] of Object.entries(forms)) {
    it(`comes as ${what}`, async () => expect(await gridOf('WaferClassifier', map())).toEqual(grid));
  }

  it('is a square where it is flat', async () => {
    expect(await gridOf('WaferClassifier', [0, 1, 2, 0])).toEqual({
      height: 2,
      width: 2,
      values: Int32Array.of(0, 1, 2, 0),
    });
  });

  const mistakes: Record<string, [map: unknown, message: string]> = {
    'a flat one that is no square': [Array(650).fill(0), 'WaferClassifier: a flat map must be a square (else rows of cells, or { height, width, values }), got 650 cells'],
    'an empty one': [[], 'WaferClassifier: height and width of a map must be whole numbers above 0, got 0 and 0'],
    'rows of two lengths': [[[0, 1], [1]], 'WaferClassifier: rows of a map must have 2 cells (as the first), got 1'],
    'a row that is missing': [[[0, 1], null], 'WaferClassifier: rows of a map must have 2 cells (as the first), got null'],
    'a shape that is missing': [{ shape: undefined, data: values }, 'WaferClassifier: the shape of a map must be [height, width], got undefined'],
    'too few cells': [{ height: 2, width: 3, values: [1] }, 'WaferClassifier: a map of 2 x 3 must have 6 cells, got 1'],
    'half a row': [{ height: 1.5, width: 2, values: [1, 1, 1] }, 'WaferClassifier: height and width of a map must be whole numbers above 0, got 1.5 and 2'],
    'a shape of three sizes': [{ shape: [1, 2, 3], data: values }, 'WaferClassifier: the shape of a map must be [height, width], got [1, 2, 3]'],
    'a cell of 3': [[[0, 3]], 'WaferClassifier: cells must be 0 (outside), 1 (pass) or 2 (fail), got 3'],
    'half a cell': [[[0, 0.5]], 'WaferClassifier: a map must be integers of 32 bits, got 0.5 at 1'],
  }; // prettier-ignore
  for (const [what, [map, message]] of Object.entries(mistakes)) {
    it(`is refused with ${what}`, () =>
      expectAsync(gridOf('WaferClassifier', map as WaferMap)).toBeRejectedWithError(RangeError, message));
  }

  it('is refused where it is something else', async () => {
    const kinds: [map: unknown, message: RegExp][] = [
      ['012', /^WaferClassifier: a map must be rows of cells, .*, got string$/],
      [{}, /, got another object$/],
      [null, /, got null$/],
      [undefined, /, got undefined$/],
      [[null], /got an array of null$/],
      [['x'], /must be an array or typed array of numbers/],
    ];
    for (const [map, message] of kinds) {
      await expectAsync(gridOf('WaferClassifier', map as WaferMap)).toBeRejectedWithError(TypeError, message);
    }
  });
});
