import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { seededRandom, shuffled } from '@tfjs-sparse/core';

/** All maps of WM-811K with their classes. */
export interface Wafers {
  /** uint8 `[64 * 64]` each: 0 outside, 1 pass, 2 fail. */
  readonly maps: readonly Uint8Array[];
  /** Index into `labels`. */
  readonly classes: readonly number[];
}

export interface Split {
  readonly training: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

const splitSeed = 811;
const trainingShare = 0.7;
const testShare = 0.15;

/** Reads the maps and labels from the folder `wafer-wm811k` in `dataFolder`. */
export function readWafers(dataFolder: string): Wafers {
  const folder = join(dataFolder, 'wafer-wm811k');
  const images = readIdx(join(folder, 'wafers-64x64-idx3-ubyte.gz'), 3);
  const labels = readIdx(join(folder, 'wafers-labels-idx1-ubyte.gz'), 1);
  const [count, rows, columns] = images.dimensions;
  const cells = rows * columns;
  const maps = Array.from({ length: count }, (_, i) => images.values.subarray(i * cells, (i + 1) * cells));
  return { maps, classes: [...labels.values] };
}

function readIdx(path: string, rank: number): { dimensions: number[]; values: Uint8Array } {
  const bytes = gunzipSync(readFileSync(path));
  const headerBytes = 4 + 4 * rank; // magic number, then one big-endian size per dimension
  if (bytes.readUInt32BE(0) !== 0x800 + rank)
    throw new Error(`readIdx: ${path} must be idx of ${rank} dimensions of bytes`);
  const dimensions = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  return { dimensions, values: bytes.subarray(headerBytes) };
}

/** The fixed split: 70 % training, 15 % validation, 15 % test of every class, shuffled by a fixed seed. */
export function splitWafers(classes: readonly number[]): Split {
  const split: Record<keyof Split, number[]> = { training: [], validation: [], test: [] };
  for (const label of [...new Set(classes)].sort((a, b) => a - b)) {
    const members = classes.flatMap((each, index) => (each === label ? [index] : []));
    const order = shuffled(members, seededRandom(splitSeed + label));
    const testCount = Math.round(testShare * order.length);
    const trainingCount = Math.round(trainingShare * order.length);
    split.test.push(...order.slice(0, testCount));
    split.training.push(...order.slice(testCount, testCount + trainingCount));
    split.validation.push(...order.slice(testCount + trainingCount));
  }
  return split;
}
