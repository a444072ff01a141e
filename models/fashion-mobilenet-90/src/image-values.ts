import { float32Array } from '@tfjs-sparse/core';
import { imageSide } from './image-size.js';

// Of the pixels of Fashion-MNIST's training images, divided by 255.
const mean = 0.286;
const standardDeviation = 0.353;

/**
 * An image as the network takes it; training and use share this function.
 *
 * @param pixels `[28 * 28]`, row by row, 0 to 255: 0 is background
 * @returns      float32 `[28 * 28]`
 */
export function imageValues(pixels: ArrayLike<number>): Float32Array {
  const values = float32Array('imageValues', 'pixels', pixels);
  const pixelCount = imageSide * imageSide;
  if (values.length !== pixelCount) {
    throw new RangeError(`imageValues: pixels must have ${imageSide} x ${imageSide} values, got ${values.length}`);
  }
  return values.map((pixel) => (pixel / 255 - mean) / standardDeviation);
}
