import { decode, type DecodedPng } from 'fast-png';
import { fileError, requireFile } from './require-file.js';

export interface PngImage {
  readonly width: number;
  readonly height: number;
  /** Numbers per pixel: grey, grey and alpha, colour, colour and alpha; 1 for an index into a palette. */
  readonly channels: number;
  /** `[height * width * channels]`, 0 to `largest` each. */
  readonly samples: readonly number[];
  readonly largest: number;
  readonly hasPalette: boolean;
}

/** @param side width and height that the PNG must have; default any up to `largestSide` */
export function readPng(contents: Uint8Array, side?: number): PngImage {
  requireFile(contents.length <= maxBytes, `a PNG must have at most ${maxBytes} bytes`, contents.length);
  requireFile(contents.length >= sizeEnd, 'a PNG must be whole', `${contents.length} bytes`);
  const [width, height] = sizeOf(contents); // before anything is unpacked
  const isFitting = side === undefined || (width === side && height === side);
  requireFile(isFitting, `a PNG must be ${side} x ${side}`, `${width} x ${height}`);
  const isSmall = width <= largestSide && height <= largestSide;
  requireFile(isSmall, `a PNG must be at most ${largestSide} x ${largestSide}`, `${width} x ${height}`);
  const image = decoded(contents);
  return {
    width,
    height,
    channels: image.palette ? 1 : image.channels,
    samples: unpacked(image),
    largest: 2 ** image.depth - 1,
    hasPalette: image.palette !== undefined,
  };
}

/** Luminance of a pixel, 0 to 1 (ITU-R BT.601), and whether it is to be seen at all. */
export function luminanceOf(pixel: number, { channels, samples, largest }: PngImage) {
  const values = samples.slice(pixel * channels, (pixel + 1) * channels).map((value) => value / largest);
  const hasAlpha = channels === 2 || channels === 4;
  const isTransparent = hasAlpha && values.pop() === 0;
  const [red, green, blue] = values.length === 3 ? values : [values[0], values[0], values[0]];
  return { isTransparent, luminance: 0.299 * red + 0.587 * green + 0.114 * blue };
}

export function isPng(contents: Uint8Array): boolean {
  return magic.every((byte, index) => contents[index] === byte);
}

/** True for the beginning of a PNG of this size. */
export function isPngOf(beginning: Uint8Array, side: number): boolean {
  return isPng(beginning) && beginning.length >= sizeEnd && sizeOf(beginning).every((size) => size === side);
}

const magic = [0x89, 0x50, 0x4e, 0x47];
const largestSide = 1024;
const sizeEnd = 24; // the first chunk begins with width and height
/** A small image has some kB of pixels; larger files carry other things, and could unpack to gigabytes. */
const maxBytes = 200_000;

function sizeOf(contents: Uint8Array): number[] {
  const view = new DataView(contents.buffer, contents.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

function decoded(contents: Uint8Array): DecodedPng {
  try {
    return decode(contents, { checkCrc: true });
  } catch (error) {
    throw fileError('a PNG must be whole', 'broken data', error);
  }
}

/** One number per sample: images of 1, 2 or 4 bits pack several in a byte, high bits first, and end rows with a byte. */
function unpacked({ width, height, channels, data, depth }: DecodedPng): number[] {
  if (depth >= 8) return Array.from(data);
  const perByte = 8 / depth;
  const perRow = width * channels;
  const rowBytes = Math.ceil(perRow / perByte);
  return Array.from({ length: height * perRow }, (_, i) => {
    const place = i % perRow;
    const byte = data[Math.floor(i / perRow) * rowBytes + Math.floor(place / perByte)];
    return (byte >> (8 - depth * ((place % perByte) + 1))) & (2 ** depth - 1);
  });
}
