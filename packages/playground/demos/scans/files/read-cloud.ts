import { requireRange } from '@tfjs-sparse/core';
import { gunzip } from '../../../src/files/gunzip.js';
import { readKittiBin } from './kitti-bin.js';
import { readNpy } from './npy.js';
import { readNpz } from './npz.js';
import { readPcd } from './pcd.js';
import { readPly } from './ply.js';

export interface ReadCloudOptions {
  /** Numbers per point in a .bin file; default by the name: 5 for .pcd.bin, 3 for ...xyz.bin, else 4. */
  readonly columns?: number;
  /** Of the coordinates, in metres, such as a corner of a map's tile; taken from them in float64. Default 0, 0, 0. */
  readonly origin?: readonly [x: number, y: number, z: number];
}

const farthest = 10_000; // metres; more is no scan, and far more would not fit the voxel grid

/**
 * Reads a point cloud from a .bin file of KITTI or nuScenes, .pcd, .ply, .npz or .npy, each also as .gz. Points that are
 * not finite (no echo) are left out.
 *
 * @param name of the file: its ending says what it is
 * @returns    float32 `[points, 3]` in metres from the origin
 * @throws RangeError with the reader's name, what must hold and what there is
 */
export async function readCloud(
  contents: Uint8Array<ArrayBuffer>,
  name: string,
  options: ReadCloudOptions = {},
): Promise<Float32Array> {
  requireRange(isScanFile(name), op, `the name must end in .${Object.keys(readers).join(', .')} or .gz`, name);
  const unpacked = await gunzip(contents, op);
  const { origin = [0, 0, 0] } = options;
  const read = readers[endingOf(name)](unpacked, withoutGz(name), options);
  const points = finitePoints(Float32Array.from(read, (value, i) => value - origin[i % 3]));
  requireRange(points.length > 0, op, 'a file must have at least one point', 0);
  const far = points.findIndex((value) => Math.abs(value) > farthest);
  requireRange(
    far < 0,
    op,
    `coordinates must be within ${farthest} m of the origin (--origin X,Y,Z; is it the right number of columns?)`,
    points[far],
  );
  return points;
}

/** The numbers per point that `readCloud` takes a .bin file for where another number fits as well, else null. */
export function assumedColumns(contents: Uint8Array, name: string, { columns }: ReadCloudOptions): number | null {
  if (columns !== undefined || endingOf(name) !== 'bin' || /\.gz$/i.test(name)) return null;
  const assumed = columnsOf(name);
  return [3, 4, 5].some((other) => other > assumed && contents.length % (4 * other) === 0) ? assumed : null;
}

/** True for the name of a file that `readCloud` reads. */
export function isScanFile(name: string): boolean {
  return Object.hasOwn(readers, endingOf(name));
}

const op = 'readCloud';

type Reader = (contents: Uint8Array<ArrayBuffer>, name: string, options: ReadCloudOptions) => Float64Array;

const readers: Readonly<Record<string, Reader>> = {
  bin: (contents, name, { columns = columnsOf(name) }) => readKittiBin(contents, columns),
  pcd: readPcd,
  ply: readPly,
  npz: readNpz,
  npy: readNpy,
};

function endingOf(name: string): string {
  return /\.([a-z]+)$/i.exec(withoutGz(name))?.[1].toLowerCase() ?? '';
}

function withoutGz(name: string): string {
  return name.replace(/\.gz$/i, '');
}

function columnsOf(name: string): number {
  if (/\.pcd\.bin$/i.test(name)) return 5; // nuScenes: x, y, z, intensity, ring
  return /xyz\.bin$/i.test(name) ? 3 : 4; // KITTI: x, y, z, remission
}

function finitePoints(points: Float32Array): Float32Array {
  let kept = 0;
  for (let at = 0; at < points.length; at += 3) {
    if (!Number.isFinite(points[at] + points[at + 1] + points[at + 2])) continue;
    if (kept < at) points.copyWithin(kept, at, at + 3);
    kept += 3;
  }
  return points.subarray(0, kept);
}
