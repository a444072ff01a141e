import { seededRandom } from '@tfjs-sparse/core';

/** What is done to a cloud before the networks get it. */
export interface Changes {
  /** Percent of its points. */
  readonly kept: number;
  /** Degrees about the vertical axis through its mean. */
  readonly turned: number;
  /** Deviation of each coordinate, in percent of the distance of the farthest point from the mean. */
  readonly noise: number;
}

const seed = 1;

/**
 * A changed cloud. Its points come in a random order that is always the same, so that a cloud of fewer points is the
 * beginning of one of more, and each point has the same noise but for its size.
 *
 * @param points float32 `[points, 3]`
 * @returns      float32 `[kept points, 3]`, at least one
 */
export function changedCloud(points: Float32Array, { kept, turned, noise }: Changes): Float32Array {
  const { mean, farthest } = extentOf(points);
  const rows = shuffledRows(points.length / 3);
  const keptCount = Math.max(1, Math.round((rows.length * kept) / 100));
  const angle = (turned * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const random = seededRandom(seed);
  const changed = new Float32Array(3 * keptCount);
  for (let i = 0; i < keptCount; i++) {
    const [x, y, z] = mean.map((value, axis) => points[3 * rows[i] + axis] - value);
    const place = [cosine * x - sine * y, sine * x + cosine * y, z];
    for (let axis = 0; axis < 3; axis++) {
      changed[3 * i + axis] = mean[axis] + place[axis] + (noise / 100) * farthest * normal(random);
    }
  }
  return changed;
}

/** Where a cloud lies. */
export interface Extent {
  /** Of its points. */
  readonly mean: readonly number[];
  /** Distance of the farthest point from the mean. */
  readonly farthest: number;
}

export function extentOf(points: Float32Array): Extent {
  const count = points.length / 3;
  const mean = [0, 0, 0];
  points.forEach((value, i) => (mean[i % 3] += value / count));
  let farthest = 0;
  for (let i = 0; i < points.length; i += 3) {
    farthest = Math.max(farthest, Math.hypot(...mean.map((value, axis) => points[i + axis] - value)));
  }
  return { mean, farthest };
}

/** Fisher and Yates 1938. */
function shuffledRows(count: number): Int32Array {
  const random = seededRandom(seed);
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor((i + 1) * random());
    [rows[i], rows[other]] = [rows[other], rows[i]];
  }
  return rows;
}

/** Of mean 0 and deviation 1 (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
