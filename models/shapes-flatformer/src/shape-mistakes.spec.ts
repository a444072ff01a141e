import { classifyShapes } from './shape-classifier.js';
import { shapeSample } from './shape-sample.js';

describe('mistakes in clouds of shapes', () => {
  for (const [name, clouds, got] of [
    ['no clouds', undefined, 'undefined'],
    ['one cloud alone', Float32Array.of(1, 2, 3), 'Float32Array'],
    ['the numbers of a cloud', [1, 2, 3], 'an array of number'],
  ] as const) {
    it(`classifyShapes refuses ${name}`, () =>
      expectAsync(classifyShapes(clouds as never)).toBeRejectedWithError(
        TypeError,
        `classifyShapes: clouds must be a list of clouds, got ${got}`,
      ));
  }

  for (const [name, rows] of [
    [
      'x, y, z',
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
    ],
    ['numbers with normals', [new Float32Array(6), new Float32Array(6)]],
  ] as const)
    // prettier-ignore
    it(`classifyShapes refuses the rows of one cloud, of ${name}`, () =>
      expectAsync(classifyShapes(rows)).toBeRejectedWithError(
        TypeError,
        `classifyShapes: clouds must be a list of clouds, of one too: [cloud], got ${rows.length} rows of numbers`,
      ));

  it('classifyShapes refuses an option whose name it does not know', () =>
    expectAsync(classifyShapes([], { network: 'convolution' } as never)).toBeRejectedWithError(
      TypeError,
      'classifyShapes: options must be of columns, source, onProgress, cache, fetch, signal, got network',
    ));

  it('classifyShapes names itself in what is wrong with a cloud', () =>
    expectAsync(classifyShapes([[[1, 2]]])).toBeRejectedWithError(
      RangeError,
      'classifyShapes: points must have x, y and z in every row, got 2',
    ));

  for (const [name, cloud, got] of [
    ['bytes of a file', new Uint8Array(12), 'bytes (Uint8Array)'],
    ['a buffer', new ArrayBuffer(12), 'bytes (ArrayBuffer)'],
    ['an object', {}, 'Object'],
  ] as const) {
    it(`shapeSample refuses ${name} as coordinates`, () =>
      expect(() => shapeSample([cloud as never])).toThrowError(
        TypeError,
        `shapeSample: points must be numbers of x, y, z, got ${got}`,
      ));
  }
});
