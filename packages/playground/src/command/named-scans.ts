import { simulateScan } from '@tfjs-sparse/lidar-minkunet';
import { basename } from 'node:path';
import { readCloud, type ReadCloudOptions } from '../cloud-input/read-cloud.js';
import { readInput } from './read-input.js';

export interface NamedScan {
  readonly name: string;
  /** float32 `[points, 3]` */
  readonly points: Float32Array;
}

/** True for the name of a file that `readCloud` reads. */
export function isScanFile(path: string): boolean {
  return /\.(bin|pcd|ply|npz|npy)$/i.test(path);
}

/** Scans of simulated streets. */
export function simulatedScans(seeds: readonly number[]): NamedScan[] {
  return seeds.map((seed) => ({ name: `simulated street ${seed}`, points: simulateScan(seed).points }));
}

/** The scans of files. @throws an error that begins with the path */
export function namedScans(paths: readonly string[], options: ReadCloudOptions): Promise<NamedScan[]> {
  return Promise.all(
    paths.map(async (path) => ({
      name: basename(path),
      points: await readInput(path, (contents) => readCloud(contents, basename(path), options)),
    })),
  );
}
