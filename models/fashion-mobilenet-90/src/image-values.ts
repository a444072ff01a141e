import { float32Array } from '@tfjs-sparse/core';
import { imageSide } from './image-size.js';

// Of the pixels of Fashion-MNIST's training images, divided by 255.
const mean = 0.286;
const standardDeviation = 0.353;

/**
 * An image as the network takes it; training and use share this function.
 *
 * @param pixels `[28 * 28]`, row by row, 0 to 255: 0 is background
 * @param op     the name in messages
 * @returns      float32 `[28 * 28]`
 * @throws RangeError for another size and for other values, such as shares of 1 in place of 255
 */
export function imageValues(pixels: ArrayLike<number>, op = 'imageValues'): Float32Array {
  const values = float32Array(op, 'pixels', pixels);
  const pixelCount = imageSide * imageSide;
  if (values.length !== pixelCount) {
    throw new RangeError(`${op}: pixels must have ${imageSide} x ${imageSide} values, got ${values.length}`);
  }
  const odd = values.find((pixel) => !(pixel >= 0 && pixel <= 255)); // NaN too
  if (odd !== undefined) throw new RangeError(`${op}: pixels must be 0 to 255, got ${odd}`);
  if (areShares(values)) {
    throw new RangeError(`${op}: pixels must be 0 to 255, got values from 0 to 1 (multiply them by 255)`);
  }
  return values.map((pixel) => (pixel / 255 - mean) / standardDeviation);
}

/** Whether no value is above 1 and some lie between 0 and 1; an image of 0 and 1 alone may be a dark one. */
function areShares(values: Float32Array): boolean {
  return values.every((value) => value <= 1) && values.some((value) => !Number.isInteger(value));
}
