import { waferSide } from '@tfjs-sparse/wafer-sscn';
import { luminanceOf, readPng, type PngImage } from '../../../src/files/png.js';
import { requireCells } from './cells.js';
import { requireFile } from '../../../src/files/require-file.js';

/**
 * A 64 x 64 image. Palette images: the index is the cell. Grey and colour images: black is outside, middle grey pass,
 * white fail, by luminance with a sixth of the range to spare; values 0, 1 and 2 of a grey image count as they are.
 * Transparent pixels are outside.
 */
export function readPngMap(contents: Uint8Array): Uint8Array {
  const image = readPng(contents, { side: waferSide });
  const { channels, samples, hasPalette } = image;
  if (hasPalette) return requireCells(Uint8Array.from(samples), 0);
  if (channels === 1 && samples.every((value) => value <= fail)) return Uint8Array.from(samples);
  return Uint8Array.from({ length: waferSide ** 2 }, (_, pixel) => cellOf(pixel, image));
}

const fail = 2;

/** Black, middle grey and white are 0, 1 and 2. */
function cellOf(pixel: number, image: PngImage): number {
  const { isTransparent, luminance } = luminanceOf(pixel, image);
  if (isTransparent) return 0;
  const cell = Math.round(2 * luminance);
  requireFile(
    Math.abs(2 * luminance - cell) <= 1 / 3,
    'the pixels of a PNG without palette must be near black (outside), middle grey (pass) or white (fail)',
    `${Math.round(luminance * 100)} % grey in row ${Math.floor(pixel / waferSide) + 1}, column ${(pixel % waferSide) + 1}`,
  );
  return cell;
}
