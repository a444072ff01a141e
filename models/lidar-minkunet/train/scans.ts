import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateScan, type Scan } from '@tfjs-sparse/lidar-minkunet';

/** Simulated scans by seed, kept in a folder: making one takes a fifth of the time of a training step or more. */
export class ScanStore {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** The scan that `simulateScan(seed)` gives. */
  get(seed: number): Scan {
    const path = join(this.folder, `${seed}.bin`);
    if (existsSync(path)) return decoded(readFileSync(path));
    const scan = simulateScan(seed);
    writeFileSync(`${path}.part`, encoded(scan));
    renameSync(`${path}.part`, path);
    return scan;
  }
}

const bytesPerPoint = 13; // three float32 and the label

function encoded({ points, labels }: Scan): Buffer {
  return Buffer.concat([Buffer.from(points.buffer, points.byteOffset, points.byteLength), labels]);
}

function decoded(contents: Buffer): Scan {
  const count = contents.length / bytesPerPoint;
  const bytes = new Uint8Array(contents); // aligned, which a Buffer need not be
  return { points: new Float32Array(bytes.buffer, 0, 3 * count), labels: bytes.subarray(12 * count) };
}
