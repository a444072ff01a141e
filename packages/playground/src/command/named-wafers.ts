import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { sampleWafers } from '../samples/sample-wafers.js';
import { readWafers } from '../wafer-input/read-wafers.js';

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
  const maps = await Promise.all(paths.map(mapsOf));
  return paths.flatMap((path, file) =>
    maps[file].map((map, i) => ({ name: maps[file].length > 1 ? `${basename(path)} ${i + 1}` : basename(path), map })),
  );
}

async function mapsOf(path: string): Promise<Uint8Array[]> {
  const contents = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const rule = '--input must be a file that can be read';
    throw new RangeError(`start: ${rule}, got ${path} (${error.code ?? error.message})`, { cause: error });
  });
  try {
    return await readWafers(new Uint8Array(contents));
  } catch (error) {
    throw new RangeError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
