import { encode } from 'fast-png';
import { colourOf, type Scan } from '@tfjs-sparse/lidar-minkunet';

const [panelWidth, panelHeight] = [640, 440];
const camera = { x: -20, y: -9, z: 13 };
const target = { x: 5, y: 0, z: -1 };
const focalLength = 520; // pixels
const background = [16, 20, 26];

/** Scans side by side as a PNG, each seen from above and behind the car. */
export function scanPicture(scans: readonly Scan[]): Uint8Array {
  const width = panelWidth * scans.length;
  const data = new Uint8Array(3 * width * panelHeight);
  for (let pixel = 0; pixel < data.length; pixel += 3) data.set(background, pixel);
  const depths = new Float64Array(width * panelHeight).fill(Infinity);
  scans.forEach(({ points, labels }, panel) => {
    labels.forEach((label, point) => {
      const seen = projected(points.subarray(3 * point, 3 * point + 3));
      if (!seen) return;
      const pixel = seen.row * width + panel * panelWidth + seen.column;
      if (seen.depth >= depths[pixel]) return;
      depths[pixel] = seen.depth;
      data.set(colourOf(label), 3 * pixel);
    });
  });
  return encode({ width, height: panelHeight, channels: 3, data });
}

function projected([x, y, z]: Float32Array): { column: number; row: number; depth: number } | null {
  const forward = unit([target.x - camera.x, target.y - camera.y, target.z - camera.z]);
  const right = unit([forward[1], -forward[0], 0]);
  const down = cross(forward, right);
  const away = [x - camera.x, y - camera.y, z - camera.z];
  const depth = dot(away, forward);
  if (depth < 1) return null;
  const column = Math.round(panelWidth / 2 + (focalLength * dot(away, right)) / depth);
  const row = Math.round(panelHeight / 2 + (focalLength * dot(away, down)) / depth);
  return column >= 0 && column < panelWidth && row >= 0 && row < panelHeight ? { column, row, depth } : null;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: readonly number[]): number[] {
  const length = Math.sqrt(dot(a, a));
  return a.map((value) => value / length);
}
