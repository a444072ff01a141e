/** Rows and columns of an image. */
export const imageSide = 28;

// Of the pixels of Fashion-MNIST's training images, divided by 255.
const mean = 0.286;
const standardDeviation = 0.353;

/**
 * An image as the network takes it; training and use share this function.
 *
 * @param pixels uint8 `[28 * 28]`, row by row: 0 is background
 * @returns      float32 `[28 * 28]`
 */
export function imageValues(pixels: Uint8Array): Float32Array {
  const pixelCount = imageSide * imageSide;
  if (pixels.length !== pixelCount) {
    throw new RangeError(`imageValues: pixels must have ${imageSide} x ${imageSide} values, got ${pixels.length}`);
  }
  return Float32Array.from(pixels, (pixel) => (pixel / 255 - mean) / standardDeviation);
}
