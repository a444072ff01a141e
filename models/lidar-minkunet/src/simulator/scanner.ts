import { labels } from '../labels.js';
import { shapesByColumn } from './columns.js';
import { GroundProfile } from './ground-profile.js';
import { hitOf } from './hits.js';
import type { Random } from './random.js';
import { crosses, type Crossing } from './rays.js';
import { box, type Shape } from './shapes.js';
import type { Street } from './street.js';

/** What a scanner measured. */
export interface Scan {
  /** float32 `[points, 3]`: metres in front of the sensor, to its left, above it. */
  readonly points: Float32Array;
  /** uint8 `[points]`: indices into `labels`, or `unlabelled`. */
  readonly labels: Uint8Array;
}

/** Elevation of the 64 beams in degrees, from the top: the two blocks of a Velodyne HDL-64E. */
export const beamElevations: readonly number[] = Array.from({ length: 64 }, (_, beam) =>
  beam < 32 ? 2 - beam / 3 : -8.83 - (beam - 32) / 2,
);

const columnCount = 2083; // one every 0.1728 degrees: 10 turns a second
const [nearest, farthest] = [1.8, 80]; // metres
const rangeNoise = 0.015; // metres, standard deviation
const beamBias = 0.015; // metres, each beam's own constant error
const groundLabel = labels.indexOf('ground');

/** One turn of the scanner, which is at the origin. */
export function scan({ ground, shapes }: Street, random: Random): Scan {
  const points: number[] = [];
  const found: number[] = [];
  const biases = beamElevations.map(() => beamBias * random.normal());
  const lostShare = random.between(0.005, 0.05);
  const power = random.between(30_000, 150_000); // of an echo, in square metres: at the root of it 37 % of the echoes of a white wall are missed
  const carrier = carrierOf(random);
  const groundReflectance = random.between(0.12, 0.35);
  const profile = new GroundProfile(ground, farthest);
  const columns = shapesByColumn(shapes, columnCount, farthest);
  const crossing: Crossing = { enter: 0, exit: 0, cosine: 0 };
  for (let column = 0; column < columnCount; column++) {
    const azimuth = (2 * Math.PI * column) / columnCount;
    const [cos, sin] = [Math.cos(azimuth), Math.sin(azimuth)];
    profile.turn(cos, sin);
    for (let beam = beamElevations.length - 1; beam >= 0; beam--) {
      const slope = Math.tan((beamElevations[beam] * Math.PI) / 180);
      const stretch = Math.sqrt(1 + slope * slope);
      let distance = profile.hit(slope);
      let cosine = distance === Infinity ? 0 : profile.cosine(slope);
      let reflectance = groundReflectance;
      let label = groundLabel;
      if (distance < farthest && ground.isLand(cos * distance, sin * distance)) {
        reflectance = 0.45;
        if (random.chance(0.6)) distance -= Math.min(0.3, random.freePath(12)); // blades of grass
      }
      if (crosses(carrier, cos, sin, slope, crossing) && crossing.enter < distance) continue;
      for (const { shape, near, far } of columns[column]) {
        if (near >= distance) break;
        const [a, b] = [near * slope, far * slope];
        if (Math.max(a, b) < shape.bottom || Math.min(a, b) > shape.top) continue;
        if (!crosses(shape, cos, sin, slope, crossing) || crossing.enter >= distance) continue;
        const hit = hitOf(shape, crossing, distance, cos, sin, slope, random);
        if (hit >= distance) continue;
        distance = hit;
        cosine = crossing.cosine;
        ({ reflectance, label } = shape.material);
      }
      const range = distance * stretch;
      if (range < nearest || range > farthest) continue;
      // Light that comes back falls with the angle and with the square of the range; a weak echo is missed.
      const echo = (reflectance * (0.1 + cosine) * power) / (range * range);
      if (random.chance(lostShare) || random.unit() < Math.exp(-echo)) continue;
      const measured = (range + biases[beam] + rangeNoise * random.normal()) / stretch;
      points.push(cos * measured, sin * measured, slope * measured);
      found.push(label);
    }
  }
  return { points: Float32Array.from(points), labels: Uint8Array.from(found) };
}

/** The roof and the bonnet of the car under the sensor, which hide the ground near it. */
function carrierOf(random: Random): Shape {
  const material = { label: labels.indexOf('vehicle'), reflectance: 0 };
  const extent = { back: random.between(-3, -1.5), front: random.between(1, 2.2), width: random.between(1.5, 1.9) };
  return box({ x: 0, y: 0, z: 0, heading: 0 }, { ...extent, bottom: -1.2, top: random.between(-1, -0.45) }, material);
}
