import { farthestPoint } from '@tfjs-sparse/lidar-minkunet';
import type { Place } from '../../demo.js';
import { gunzip } from '../../files/gunzip.js';
import { binLayout, type BinLayout } from './bin-layout.js';
import { columnsHint, readKittiBin } from './kitti-bin.js';
import { readNpy } from './npy.js';
import { readNpz } from './npz.js';
import { readPcd } from './pcd.js';
import { readPly } from './ply.js';
import { readXyz } from './xyz.js';
import { requireFile } from '../../files/require-file.js';

export interface ReadCloudOptions {
  /** Numbers per point in a .bin file; default what its columns look like, and where that does not tell by its name. */
  readonly columns?: number;
  /** Of the coordinates, in metres, such as a corner of a map's tile; taken from them in float64. Default 0, 0, 0. */
  readonly origin?: readonly [x: number, y: number, z: number];
  /** Whose words messages and hints have; default the page's. */
  readonly place?: Place;
}

export interface Cloud {
  /** float32 `[points, 3]` in metres from the origin. */
  readonly points: Float32Array;
  /** Which point of the file each is: those that are not finite are left out. */
  readonly rows: Int32Array;
  /** Points of the file. */
  readonly rowCount: number;
  /** Of a .bin file, else null. */
  readonly layout: BinLayout | null;
}

/**
 * Reads a point cloud from a .bin file of KITTI or nuScenes, .pcd, .ply, .npz, .npy or .xyz, each also as .gz. Points that are
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
  requireFile(isCloudFile(name), `the name must end in .${endings.join(', .')} or .gz`, name);
  const unpacked = await gunzip(contents);
  const { origin = [0, 0, 0], columns, place = 'page' } = options;
  const ending = endingOf(name);
  const layout = ending === 'bin' ? binLayout(unpacked, withoutGz(name), columns, place) : null;
  const read = layout ? readKittiBin(unpacked, layout, place) : readers[ending as keyof typeof readers](unpacked);
  const cloud = finitePoints(Float32Array.from(read, (value, i) => value - origin[i % 3]));
  const { points } = cloud;
  requireFile(points.length > 0, 'a file must have at least one point', 0);
  const far = points.findIndex((value) => Math.abs(value) > farthestPoint);
  requireFile(
    far < 0,
    `coordinates must be within ${farthestPoint} m of the origin (are they in millimetres? ${layout ? `${columnsHint(place)}, or ` : ''}${originHint(place)})`,
    points[far],
  );
  return { ...cloud, layout };
}

/** True for the name of a file that `readCloud` reads. */
export function isCloudFile(name: string): boolean {
  return endings.includes(endingOf(name));
}

/** A cloud's file name without .bin (.pcd.bin too), .pcd, .ply, .npz, .npy, .xyz and .gz; other names as they are. */
export function withoutCloudEnding(name: string): string {
  return isCloudFile(name) ? withoutGz(name).replace(/(\.pcd)?\.[a-z]+$/i, '') : name;
}

const readers = { pcd: readPcd, ply: readPly, npz: readNpz, npy: readNpy, xyz: readXyz };
const endings = ['bin', ...Object.keys(readers)];

/** The page has nothing that moves points. */
function originHint(place: Place): string {
  return place === 'page' ? 'subtract a place near them from all' : '--origin X,Y,Z subtracts a place near them';
}

function endingOf(name: string): string {
  return /\.([a-z]+)$/i.exec(withoutGz(name))?.[1].toLowerCase() ?? '';
}

function withoutGz(name: string): string {
  return name.replace(/\.gz$/i, '');
}

function finitePoints(read: Float32Array): Omit<Cloud, 'layout'> {
  const isFinitePoint = (row: number) => Number.isFinite(read[3 * row] + read[3 * row + 1] + read[3 * row + 2]);
  const rowCount = read.length / 3;
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row).filter(isFinitePoint);
  const points = rowCount === rows.length ? read : new Float32Array(3 * rows.length);
  if (points !== read) rows.forEach((row, i) => points.set(read.subarray(3 * row, 3 * row + 3), 3 * i));
  return { points, rows, rowCount };
}
