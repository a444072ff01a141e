import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { seededRandom, shuffled } from '@tfjs-sparse/core';

export interface Images {
  /** uint8 `[28 * 28]` each. */
  readonly pixels: readonly Uint8Array[];
  /** Index into `labels`. */
  readonly classes: readonly number[];
}

export interface FashionData {
  readonly training: Images;
  /** A part of the official training set, by which everything was chosen. */
  readonly validation: Images;
  /** The official test set. */
  readonly test: Images;
}

const splitSeed = 28;
const validationCount = 5000;

/** Reads the folder `fashion-mnist` in `dataFolder`. */
export function readFashionData(dataFolder: string): FashionData {
  const folder = join(dataFolder, 'fashion-mnist');
  const all = readImages(folder, 'train');
  const order = shuffled([...all.classes.keys()], seededRandom(splitSeed));
  return {
    training: part(all, order.slice(validationCount)),
    validation: part(all, order.slice(0, validationCount)),
    test: readImages(folder, 't10k'),
  };
}

function part({ pixels, classes }: Images, members: readonly number[]): Images {
  return { pixels: members.map((member) => pixels[member]), classes: members.map((member) => classes[member]) };
}

function readImages(folder: string, name: string): Images {
  const images = readIdx(join(folder, `${name}-images-idx3-ubyte.gz`), 3);
  const labels = readIdx(join(folder, `${name}-labels-idx1-ubyte.gz`), 1);
  const [count, rows, columns] = images.dimensions;
  const size = rows * columns;
  const pixels = Array.from({ length: count }, (_, i) => images.values.subarray(i * size, (i + 1) * size));
  return { pixels, classes: [...labels.values] };
}

function readIdx(path: string, rank: number): { dimensions: number[]; values: Uint8Array } {
  const bytes = gunzipSync(readFileSync(path));
  const headerBytes = 4 + 4 * rank; // magic number, then one big-endian size per dimension
  if (bytes.readUInt32BE(0) !== 0x800 + rank)
    throw new Error(`readIdx: ${path} must be idx of ${rank} dimensions of bytes`);
  const dimensions = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  return { dimensions, values: bytes.subarray(headerBytes) };
}
