import { basename } from 'node:path';
import { sampleWafers } from '../samples/sample-wafers.js';
import { readWafers } from '../wafer-input/read-wafers.js';
import { readInput } from './read-input.js';

export interface NamedWafer {
  readonly name: string;
  /** uint8 `[64 * 64]` */
  readonly map: Uint8Array;
}

const samplesPerClass = 2;
const sampleSeed = 811;

/** The built-in wafers, named by the class that was drawn. */
export function samples(): NamedWafer[] {
  return sampleWafers(samplesPerClass, sampleSeed).map(({ label, map }, i) => ({
    name: `sample ${label} ${(i % samplesPerClass) + 1}`,
    map,
  }));
}

/** The maps of files, named by file and number. @throws an error that begins with the path */
export async function namedWafers(paths: readonly string[]): Promise<NamedWafer[]> {
  const maps = await Promise.all(paths.map((path) => readInput(path, readWafers)));
  return paths.flatMap((path, file) =>
    maps[file].map((map, i) => ({ name: maps[file].length > 1 ? `${basename(path)} ${i + 1}` : basename(path), map })),
  );
}
