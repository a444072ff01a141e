import type { WaferGrid } from '@tfjs-sparse/wafer-sscn';
import { luminanceOf, readPng, type PngImage } from '../../../src/files/png.js';
import { requireFile } from '../../../src/files/require-file.js';
import { gridOfCells } from './cells.js';

/**
 * An image with a pixel a cell. Palette images: the index is the cell. Grey and colour images: black is outside, middle grey pass,
 * white fail, by luminance with a sixth of the range to spare; values 0, 1 and 2 of a grey image count as they are.
 * Transparent pixels are outside.
 */
export function readPngMap(contents: Uint8Array): WaferGrid {
  const image = readPng(contents);
  const { width, height, channels, samples, hasPalette } = image;
  const isDirect = hasPalette || (channels === 1 && samples.every((value) => value <= fail));
  const cells = isDirect ? samples : Array.from({ length: width * height }, (_, pixel) => cellOf(pixel, image));
  return gridOfCells(height, width, Uint8Array.from(cells), 0);
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
    `${Math.round(luminance * 100)} % grey in row ${Math.floor(pixel / image.width) + 1}, column ${(pixel % image.width) + 1}`,
  );
  return cell;
}
