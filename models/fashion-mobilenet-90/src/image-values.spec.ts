import { classifyClothes } from './clothing-classifier.js';
import { imageSide } from './image-size.js';
import { imageValues } from './image-values.js';

describe('imageValues', () => {
  const imageOf = (...first: number[]) => Float32Array.from({ length: imageSide ** 2 }, (_, i) => first[i] ?? 0);

  it('takes pixels from 0 to 255, also an image of 0, or of 0 and 1', () => {
    for (const image of [imageOf(), imageOf(1), imageOf(0.5, 255), new Uint8Array(imageSide ** 2)])
      expect(imageValues(image)[2]).toBeCloseTo(-0.286 / 0.353, 6);
  });

  for (const [name, image, got] of [
    ['pixels from 0 to 1', imageOf(0.5, 1), 'values from 0 to 1 (multiply them by 255)'],
    ['pixels below 0', imageOf(-0.5), '-0.5'],
    ['pixels above 255', imageOf(0, 256), '256'],
    ['pixels that are no numbers', imageOf(0, NaN), 'NaN'],
  ] as const) {
    it(`refuses ${name}`, () =>
      expect(() => imageValues(image)).toThrowError(RangeError, `imageValues: pixels must be 0 to 255, got ${got}`));
  }
});

describe('classifyClothes', () => {
  for (const [name, images, got] of [
    ['no images', undefined, 'undefined'],
    ['one image alone', new Uint8Array(imageSide ** 2), 'Uint8Array'],
    ['the numbers of an image', [0, 1], 'an array of number'],
    ['a list with a gap', [null], 'an array of null'],
  ] as const) {
    it(`refuses ${name}`, () =>
      expectAsync(classifyClothes(images as never)).toBeRejectedWithError(
        TypeError,
        `classifyClothes: images must be a list of images, got ${got}`,
      ));
  }

  it('refuses the name of a network as options', () =>
    expectAsync(classifyClothes([], 'nm' as never)).toBeRejectedWithError(
      TypeError,
      'classifyClothes: options must be an object, got string',
    ));
});
