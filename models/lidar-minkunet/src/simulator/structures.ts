import { labels, unlabelled } from '../labels.js';
import type { Random } from './random.js';
import { box, cylinder, placed, type Material, type Pose, type Shape } from './shapes.js';

const building = labels.indexOf('building');
const pole = labels.indexOf('pole');

/** A house whose front, `length` long, is on the pose's line and faces to its right: walls with windows, and what sticks out. */
export function house(pose: Pose, length: number, depth: number, random: Random): Shape[] {
  const height = random.between(3.5, 14);
  const wall: Material = { label: building, reflectance: random.between(0.25, 0.8), hasWindows: random.chance(0.85) };
  const plain: Material = { ...wall, hasWindows: false };
  const half = length / 2;
  const middle = placed(pose, 0, depth / 2);
  const shapes = [box(middle, { back: -half, front: half, width: depth, bottom: -1.5, top: height }, wall)];
  for (let count = Math.floor(random.between(0, 4)); count > 0; count--) {
    const wide = random.between(0.4, Math.min(4, length / 2));
    const along = random.between(-half, half - wide);
    const out = random.between(0.1, 1.6);
    const bottom = random.chance(0.6) ? -1 : random.between(2.3, 3); // to the ground, or a balcony
    const top = bottom < 0 ? random.between(0.6, height) : bottom + random.between(0.2, 1.2);
    shapes.push(box(placed(pose, 0, -out / 2), { back: along, front: along + wide, width: out, bottom, top }, plain));
  }
  if (random.chance(0.5)) {
    const eaves = { back: -half - 0.4, front: half + 0.4, width: depth + 0.9, bottom: height - 0.3, top: height };
    shapes.push(box(middle, eaves, plain));
  }
  return shapes;
}

/** A garage, shed or bus shelter. */
export function shed(pose: Pose, random: Random): Shape[] {
  const material: Material = { label: building, reflectance: random.between(0.2, 0.7) };
  const [length, width, height] = [random.between(1.8, 6.5), random.between(1.5, 3.2), random.between(1.9, 3)];
  return [box(pose, { back: -length / 2, front: length / 2, width, bottom: -0.5, top: height }, material)];
}

/** A wall, or a fence of pickets, boards or wire with posts. */
export function fence(pose: Pose, length: number, random: Random): Shape[] {
  const isWall = random.chance(0.35);
  const height = random.between(0.4, 2.1);
  const reflectance = random.between(0.2, 0.7);
  const half = length / 2;
  if (isWall) {
    const width = random.between(0.15, 0.5);
    return [
      box(pose, { back: -half, front: half, width, bottom: -0.5, top: height }, { label: building, reflectance }),
    ];
  }
  const transmission = random.chance(0.3) ? random.between(0, 0.2) : random.between(0.4, 0.85);
  const board = { back: -half, front: half, width: 0.04, bottom: random.between(-0.3, 0.15), top: height };
  const shapes = [box(pose, board, { label: building, reflectance, transmission })];
  for (let along = -half; along <= half; along += random.between(1.8, 2.6)) {
    const { x, y, z } = placed(pose, along, 0);
    shapes.push(cylinder(x, y, 0.05, z - 0.3, z + height + 0.05, { label: building, reflectance }));
  }
  return shapes;
}

/** A guard rail. */
export function guardRail(pose: Pose, length: number): Shape[] {
  const steel: Material = { label: building, reflectance: 0.5 };
  const half = length / 2;
  const shapes = [box(pose, { back: -half, front: half, width: 0.1, bottom: 0.45, top: 0.75 }, steel)];
  for (let along = -half; along <= half; along += 2) {
    const { x, y, z } = placed(pose, along, 0.1);
    shapes.push(cylinder(x, y, 0.06, z - 0.3, z + 0.7, steel));
  }
  return shapes;
}

/** A lamp post, sign post, traffic light, or bollard. */
export function post(pose: Pose, random: Random): Shape[] {
  const kind = random.pick(['lamp', 'lamp', 'sign', 'sign', 'sign', 'light', 'bollard'] as const);
  const metal: Material = { label: pole, reflectance: random.between(0.25, 0.7) };
  const { x, y, z } = pose;
  if (kind === 'bollard')
    return [cylinder(x, y, random.between(0.05, 0.12), z - 0.2, z + random.between(0.7, 1.1), metal)];
  if (kind === 'lamp') {
    const radius = random.between(0.05, 0.13);
    const base = cylinder(x, y, radius * 1.5, z - 0.2, z + random.between(0.6, 1.3), metal);
    return [cylinder(x, y, radius, z - 0.2, z + random.between(3.5, 9), metal), base];
  }
  if (kind === 'light') {
    const head = box(pose, { back: -0.15, front: 0.15, width: 0.32, bottom: 2.1, top: 3.1 }, metal);
    return [cylinder(x, y, 0.08, z - 0.2, z + 3.3, metal), head];
  }
  const top = random.between(2, 3.4);
  const face: Material = { label: pole, reflectance: 0.9 };
  const plate = {
    back: -0.02,
    front: 0.02,
    width: random.between(0.35, 0.95),
    bottom: top - random.between(0.35, 0.9),
    top,
  };
  return [cylinder(x, y, random.between(0.03, 0.05), z - 0.2, z + top, metal), box(pose, plate, face)];
}

/** Bins, cabinets, benches, boxes: none of the classes. */
export function clutter(pose: Pose, random: Random): Shape[] {
  const material: Material = { label: unlabelled, reflectance: random.between(0.1, 0.6) };
  const [length, width, height] = [random.between(0.4, 1.8), random.between(0.3, 0.8), random.between(0.4, 1.5)];
  return [box(pose, { back: -length / 2, front: length / 2, width, bottom: -0.2, top: height }, material)];
}
