import { tensor } from '@tensorflow/tfjs-core';
import { classifyClothes } from './clothing-classifier.js';
import { pixelsOf, type ClothingImage } from './image-pixels.js';
import { imageSide } from './image-size.js';

describe('an image of clothes', () => {
  const pixels = Array.from({ length: imageSide ** 2 }, (_, i) => i % 256);
  const rows = Array.from({ length: imageSide }, (_, row) => pixels.slice(imageSide * row, imageSide * (row + 1)));

  it('comes flat, as rows and as a tensor', async () => {
    for (const image of [pixels, rows, rows.map((row) => Uint8Array.from(row))])
      expect(await pixelsOf('op', image)).toEqual(pixels);
    for (const shape of [[28, 28], [28, 28, 1], [1, 28, 28, 1]]) {
      const image = tensor(pixels, shape);
      expect(Array.from(await pixelsOf('op', image))).toEqual(pixels);
      image.dispose();
    }
  }); // prettier-ignore

  const mistakes: [string, unknown, string][] = [
    ['too few rows', [rows.slice(1)], 'an image must have 28 rows of 28 pixels, got 27 rows'],
    ['a short row', [[...rows.slice(1), [0]]], 'an image must have 28 rows of 28 pixels, got 1 in row 27'],
    ['the rows of one image as a list', rows, 'pixels must have 28 x 28 values, got 28'],
    ['values above 255', [pixels.map((pixel) => 2 * pixel)], 'pixels must be 0 to 255, got 256'],
  ];
  for (const [name, images, message] of mistakes) {
    it(`is refused by the name of the function that was called: ${name}`, () =>
      expectAsync(classifyClothes(images as ClothingImage[])).toBeRejectedWithError(
        RangeError,
        `classifyClothes: ${message}`,
      ));
  }
});
