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
