import { labels } from '../labels.js';
import type { Random } from './random.js';
import { box, cylinder, ellipsoid, placed, type Material, type Pose, type Shape } from './shapes.js';
import { twoWheeler } from './vehicles.js';

const person = labels.indexOf('person');

/** Someone standing or walking. */
export function pedestrian(pose: Pose, random: Random): Shape[] {
  const height = random.chance(0.12) ? random.between(1.05, 1.5) : random.between(1.52, 1.95);
  const clothes: Material = { label: person, reflectance: random.between(0.1, 0.6) };
  const step = random.chance(0.7) ? random.between(0.1, 0.4) : 0.05;
  const hip = 0.48 * height;
  const leg = (sign: number) => upright(placed(pose, (sign * step) / 2, sign * 0.09), 0.075, 0, hip, clothes);
  const arm = (sign: number) =>
    upright(placed(pose, (-sign * step) / 2.5, sign * 0.24), 0.05, 0.42 * height, 0.8 * height, clothes);
  const bag = random.chance(0.25)
    ? [
        box(
          placed(pose, -0.2, 0),
          { back: -0.12, front: 0.1, width: 0.3, bottom: 0.55 * height, top: 0.82 * height },
          clothes,
        ),
      ]
    : [];
  return [leg(-1), leg(1), arm(-1), arm(1), ...upperBody(pose, height, random.between(0.16, 0.24), clothes), ...bag];
}

/** Someone on a bicycle or motorcycle: rider and vehicle are two classes. */
export function rider(pose: Pose, random: Random): Shape[] {
  const clothes: Material = { label: person, reflectance: random.between(0.1, 0.6) };
  const seat = { ...placed(pose, -0.15, 0), z: pose.z + 0.12 };
  const leg = (sign: number) => upright(placed(pose, 0, sign * 0.14), 0.08, 0.25, 0.95, clothes);
  return [...twoWheeler(pose, random), leg(-1), leg(1), ...upperBody(seat, random.between(1.5, 1.75), 0.21, clothes)];
}

function upperBody(pose: Pose, height: number, radius: number, clothes: Material): Shape[] {
  const skin: Material = { label: person, reflectance: 0.4 };
  return [
    ellipsoid(pose.x, pose.y, radius, pose.z + 0.42 * height, pose.z + 0.88 * height, clothes),
    ellipsoid(pose.x, pose.y, 0.1, pose.z + height - 0.25, pose.z + height, skin),
  ];
}

function upright({ x, y, z }: Pose, radius: number, bottom: number, top: number, material: Material): Shape {
  return cylinder(x, y, radius, z + bottom, z + top, material);
}
