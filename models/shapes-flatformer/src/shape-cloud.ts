import { requireRange } from '@tfjs-sparse/core';
import { labels, type Label } from './labels.js';
import { cutOff, seenFrom } from './shapes/occlude.js';
import { Random } from './shapes/random.js';
import { sampleSurface } from './shapes/sample-surface.js';
import { shapes } from './shapes/shapes.js';
import { plus, turned, type Vector } from './shapes/vector.js';

/** How much is done to a shape; default of each: drawn as for training. */
export interface ShapeCloudOptions {
  /** Points on the whole surface, before any is hidden; default from 384 to 1024. */
  readonly points?: number;
  /** Deviation of each coordinate over the radius of the shape; default from 0 to 0.025. */
  readonly noise?: number;
  /** Share of points anywhere in the ball around the shape; default from 0 to 0.03. */
  readonly outliers?: number;
  /** What hides parts: nothing, the shape itself from one side, or a plane that cuts up to 30 % of the points off. */
  readonly occlusion?: Occlusion;
}

export const occlusions = ['none', 'view', 'cut'] as const;
export type Occlusion = (typeof occlusions)[number];

const largestCut = 0.3;

/**
 * A point cloud of a parametric shape: proportions, pose, size, place, noise and what is hidden are drawn from the seed.
 *
 * @returns float32 `[points, 3]`, flat
 * @throws RangeError for another label, and for fewer than 8 points
 */
export function shapeCloud(label: Label, seed: number, options: ShapeCloudOptions = {}): Float32Array {
  requireRange(labels.includes(label), 'shapeCloud', `label must be one of ${labels.join(', ')}`, label);
  const random = new Random(seed);
  const {
    points: count = 384 + random.below(641),
    noise = random.between(0, 0.025),
    outliers = random.between(0, 0.03),
    occlusion = occlusions[random.below(occlusions.length)],
  } = options;
  requireRange(Number.isInteger(count) && count >= 8, 'shapeCloud', 'points must be an integer from 8', count);
  let points = inUnitBall(sampleSurface(shapes[label](random), count, random));
  const pose = random.rotation();
  points = points.map((point) => turned(point, pose));
  if (occlusion === 'view') points = seenFrom(points, random.rotation());
  if (occlusion === 'cut') points = cutOff(points, random.between(0, largestCut), random);
  points = points.map((point) => {
    if (random.chance(outliers)) return plus([0, 0, 0], random.direction(), Math.cbrt(random.between(0, 1)));
    return plus(point, [random.normal(), random.normal(), random.normal()], noise);
  });
  const size = random.between(0.5, 2);
  const place: Vector = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)];
  return Float32Array.from(points.flatMap((point) => plus(place, point, size)));
}

/** Points around their mean, the farthest at distance 1. */
function inUnitBall(points: readonly Vector[]): Vector[] {
  const mean = points.reduce((sum, point) => plus(sum, point, 1 / points.length), [0, 0, 0] as Vector);
  const centred = points.map((point) => plus(point, mean, -1));
  const radius = Math.max(...centred.map((point) => Math.hypot(...point)));
  return centred.map(([x, y, z]) => [x / radius, y / radius, z / radius]);
}
