import { imageSide } from '@tfjs-sparse/fashion-mobilenet-90';
import { beginningOf, gunzip } from '../../src/files/gunzip.js';
import { isIdx, isIdxOf, readIdx } from '../../src/files/idx.js';
import { isPng, isPngOf, luminanceOf, readPng } from '../../src/files/png.js';
import { requireFile } from '../../src/files/require-file.js';

/**
 * Reads 28 x 28 images from the contents of an idx or PNG file, possibly gzipped.
 *
 * @returns uint8 `[28 * 28]` each, background 0; a PNG counts by luminance, what is transparent is background
 */
export async function readImages(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array[]> {
  const contents = await gunzip(file);
  if (isIdx(contents)) return [...readIdx(contents, { plural: 'images', side: imageSide }).images];
  requireFile(isPng(contents), 'a file of images must be idx or PNG (or one of them gzipped)', 'another file');
  const image = readPng(contents, imageSide);
  return [
    Uint8Array.from({ length: imageSide ** 2 }, (_, pixel) => {
      const { isTransparent, luminance } = luminanceOf(pixel, image);
      return isTransparent ? 0 : Math.round(255 * luminance);
    }),
  ];
}

/** Whether a file begins as one of 28 x 28 images. */
export async function isImageFile(file: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const beginning = await beginningOf(file);
  return isIdxOf(beginning, imageSide) || isPngOf(beginning, imageSide);
}
