import { gunzip } from '../../../src/files/gunzip.js';
import { fittingColumns, guessColumns } from './guess-columns.js';
import { columnsHint, readKittiBin } from './kitti-bin.js';
import { readNpy } from './npy.js';
import { readNpz } from './npz.js';
import { readPcd } from './pcd.js';
import { readPly } from './ply.js';
import { requireFile } from '../../../src/files/require-file.js';

export interface ReadCloudOptions {
  /**
   * Numbers per point in a .bin file; default what its points look like, and where that does not tell by the name: 5 for
   * .pcd.bin, 3 for ...xyz.bin, else 4.
   */
  readonly columns?: number;
  /** Of the coordinates, in metres, such as a corner of a map's tile; taken from them in float64. Default 0, 0, 0. */
  readonly origin?: readonly [x: number, y: number, z: number];
}

export interface Cloud {
  /** float32 `[points, 3]` in metres from the origin. */
  readonly points: Float32Array;
  /** Which point of the file each is: those that are not finite are left out. */
  readonly rows: Int32Array;
  /** Points of the file. */
  readonly rowCount: number;
}

const farthest = 10_000; // metres; more is no scan, and far more would not fit the voxel grid

/**
 * Reads a point cloud from a .bin file of KITTI or nuScenes, .pcd, .ply, .npz or .npy, each also as .gz. Points that are
 * not finite (no echo) are left out.
 *
 * @param name of the file: its ending says what it is
 * @throws RangeError with what must hold and what there is
 */
export async function readCloud(
  contents: Uint8Array<ArrayBuffer>,
  name: string,
  options: ReadCloudOptions = {},
): Promise<Cloud> {
  requireFile(isScanFile(name), `the name must end in .${Object.keys(readers).join(', .')} or .gz`, name);
  const unpacked = await gunzip(contents);
  const { origin = [0, 0, 0] } = options;
  const read = readers[endingOf(name)](unpacked, withoutGz(name), options);
  const cloud = finitePoints(Float32Array.from(read, (value, i) => value - origin[i % 3]));
  const { points } = cloud;
  requireFile(points.length > 0, 'a file must have at least one point', 0);
  const far = points.findIndex((value) => Math.abs(value) > farthest);
  requireFile(
    far < 0,
    `coordinates must be within ${farthest} m of the origin (${columnsHint}, or npm start -- --origin X,Y,Z)`,
    points[far],
  );
  return cloud;
}

/** The numbers per point that `readCloud` takes a .bin file for where another number fits as well, else null. */
export function assumedColumns(contents: Uint8Array, name: string, { columns }: ReadCloudOptions): number | null {
  if (columns !== undefined || endingOf(name) !== 'bin' || /\.gz$/i.test(name)) return null;
  return fittingColumns(contents).length > 1 ? columnsOf(contents, name) : null;
}

/** The numbers per point that the points of a .bin file look like, where others are asked for, else null. */
export function likelierColumns(contents: Uint8Array, name: string, { columns }: ReadCloudOptions): number | null {
  if (columns === undefined || endingOf(name) !== 'bin' || /\.gz$/i.test(name)) return null;
  const guessed = guessColumns(contents);
  return guessed === columns ? null : guessed;
}

/** True for the name of a file that `readCloud` reads. */
export function isScanFile(name: string): boolean {
  return Object.hasOwn(readers, endingOf(name));
}

type Reader = (contents: Uint8Array<ArrayBuffer>, name: string, options: ReadCloudOptions) => Float64Array;

const readers: Readonly<Record<string, Reader>> = {
  bin: (contents, name, { columns = columnsOf(contents, name) }) => readKittiBin(contents, columns),
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

function columnsOf(contents: Uint8Array, name: string): number {
  const guessed = guessColumns(contents);
  if (guessed !== null) return guessed;
  if (/\.pcd\.bin$/i.test(name)) return 5; // nuScenes: x, y, z, intensity, ring
  return /xyz\.bin$/i.test(name) ? 3 : 4; // KITTI: x, y, z, remission
}

function finitePoints(read: Float32Array): Cloud {
  const isFinitePoint = (row: number) => Number.isFinite(read[3 * row] + read[3 * row + 1] + read[3 * row + 2]);
  const rowCount = read.length / 3;
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row).filter(isFinitePoint);
  const points = rowCount === rows.length ? read : new Float32Array(3 * rows.length);
  if (points !== read) rows.forEach((row, i) => points.set(read.subarray(3 * row, 3 * row + 3), 3 * i));
  return { points, rows, rowCount };
}
