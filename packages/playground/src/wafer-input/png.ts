import { requireRange, violation } from '@tfjs-sparse/core';
import { waferSide } from '@tfjs-sparse/wafer-sscn';
import { decode, type DecodedPng } from 'fast-png';
import { requireCells } from './cells.js';

/**
 * A 64 x 64 image. Palette images: the index is the cell. Grey and colour images: black is outside, middle grey pass,
 * white fail, by luminance with a sixth of the range to spare; values 0, 1 and 2 of a grey image count as they are.
 * Transparent pixels are outside.
 */
export function readPng(contents: Uint8Array): Uint8Array {
  requireSize(contents);
  let image: DecodedPng;
  try {
    image = decode(contents, { checkCrc: true });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new RangeError(violation(op, 'a PNG must be whole', problem), { cause: error });
  }
  const samples = unpacked(image);
  if (image.palette) return requireCells(Uint8Array.from(samples), 0);
  if (image.channels === 1 && samples.every((value) => value <= fail)) return Uint8Array.from(samples);
  return Uint8Array.from({ length: waferSide ** 2 }, (_, pixel) => cellOf(pixel, samples, image));
}

const op = 'readWafers';
/** A 64 x 64 image has at most 32 kB of pixels; larger files carry other things, and could unpack to gigabytes. */
const maxBytes = 200_000;

/** The size stands in the first chunk; checked before anything is unpacked. */
function requireSize(contents: Uint8Array): void {
  requireRange(contents.length <= maxBytes, op, `a PNG must have at most ${maxBytes} bytes`, contents.length);
  requireRange(contents.length >= 24, op, 'a PNG must be whole', `${contents.length} bytes`);
  const view = new DataView(contents.buffer, contents.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const isSquare = width === waferSide && height === waferSide;
  requireRange(isSquare, op, `a PNG must be ${waferSide} x ${waferSide}`, `${width} x ${height}`);
}

/** One number per sample: images of 1, 2 or 4 bits pack several in a byte, high bits first. */
function unpacked({ data, depth }: DecodedPng): number[] {
  if (depth >= 8) return Array.from(data);
  const perByte = 8 / depth;
  return Array.from({ length: data.length * perByte }, (_, i) => {
    const shift = 8 - depth * ((i % perByte) + 1);
    return (data[Math.floor(i / perByte)] >> shift) & (2 ** depth - 1);
  });
}

const fail = 2;

/** Black, middle grey and white are 0, 1 and 2. */
function cellOf(pixel: number, samples: readonly number[], { channels, depth }: DecodedPng): number {
  const values = samples.slice(pixel * channels, (pixel + 1) * channels).map((value) => value / (2 ** depth - 1));
  const hasAlpha = channels === 2 || channels === 4;
  if (hasAlpha && values.pop() === 0) return 0;
  const [red, green, blue] = values.length === 3 ? values : [values[0], values[0], values[0]];
  const level = 2 * (0.299 * red + 0.587 * green + 0.114 * blue); // luminance, ITU-R BT.601
  const cell = Math.round(level);
  requireRange(
    Math.abs(level - cell) <= 1 / 3,
    op,
    'the pixels of a PNG without palette must be near black (outside), middle grey (pass) or white (fail)',
    `${Math.round((level / 2) * 100)} % grey in row ${Math.floor(pixel / waferSide) + 1}, column ${(pixel % waferSide) + 1}`,
  );
  return cell;
}
