import { labels } from '../labels.js';
import type { Random } from './random.js';
import { box, cylinder, ellipsoid, placed, type Material, type Pose, type Shape } from './shapes.js';

const vegetation = labels.indexOf('vegetation');
const pole = labels.indexOf('pole'); // a trunk is a pole

/** Leaves that a ray enters by about `depth` metres. */
function leaves(depth: number, random: Random): Material {
  return { label: vegetation, reflectance: random.between(0.3, 0.7), density: 1 / depth };
}

/** One or more stems under a crown of several loose clumps. */
export function tree({ x, y, z }: Pose, random: Random): Shape[] {
  const radius = random.between(0.07, 0.38);
  const crownBase = random.chance(0.3) ? random.between(0.6, 1.6) : random.between(1.6, 3.6);
  const crownRadius = random.between(1.1, 4.2);
  const crownHeight = random.between(2.5, 7);
  const bark: Material = { label: pole, reflectance: random.between(0.25, 0.6) };
  const trunkTop = crownBase + random.between(0.3, 1.5);
  const fork = random.chance(0.3) ? random.between(0.2, 0.6) * trunkTop : trunkTop;
  const shapes = stem({ x, y, z, heading: 0 }, radius, fork, 0.05 * random.normal(), bark);
  if (fork < trunkTop) {
    const [turn, count] = [random.between(0, 6.3), random.pick([2, 3, 4])];
    for (let branch = 0; branch < count; branch++) {
      const foot = { x, y, z: z + fork, heading: turn + (2 * Math.PI * branch) / count };
      shapes.push(...stem(foot, radius * 0.6, trunkTop - fork + 0.8, random.between(0.15, 0.5), bark));
    }
  }
  const crown = leaves(random.between(0.3, 1.6), random);
  for (let clump = 0; clump < 5; clump++) {
    const angle = random.between(0, 2 * Math.PI);
    const away = random.between(0, 0.6) * crownRadius;
    const size = random.between(0.4, 0.75) * crownRadius;
    const bottom = z + crownBase + random.between(0, 0.4) * crownHeight - (clump === 0 ? 0.3 : 0);
    const top = bottom + random.between(0.5, 1) * crownHeight;
    shapes.push(ellipsoid(x + away * Math.cos(angle), y + away * Math.sin(angle), size, bottom, top, crown));
  }
  return shapes;
}

/** A round stem that leans towards its heading by `lean` metres per metre, as short upright pieces. */
function stem(foot: Pose, radius: number, length: number, lean: number, material: Material): Shape[] {
  const pieceLength = 0.35;
  const count = Math.ceil(length / pieceLength);
  return Array.from({ length: count }, (_, piece) => {
    const { x, y, z } = placed(foot, piece * pieceLength * lean, 0);
    const bottom = z + piece * pieceLength - (piece === 0 ? 0.3 : 0);
    return cylinder(x, y, radius * (1 - (0.3 * piece) / count), bottom, z + (piece + 1) * pieceLength, material);
  });
}

/** A conifer: leaves nearly down to the ground. */
export function conifer({ x, y, z }: Pose, random: Random): Shape[] {
  const radius = random.between(0.8, 2.4);
  const height = random.between(3, 9);
  const needles = leaves(random.between(0.1, 0.5), random);
  const bark: Material = { label: pole, reflectance: 0.35 };
  const base = z + random.between(0, 0.8);
  return [
    cylinder(x, y, 0.12, z - 0.3, z + 1.5, bark),
    ...[0, 1, 2].map((level) =>
      ellipsoid(
        x,
        y,
        radius * (1 - 0.28 * level),
        base + 0.22 * level * height - 0.3,
        base + (0.5 + 0.25 * level) * height,
        needles,
      ),
    ),
  ];
}

/** One to four rounded clumps. */
export function bush({ x, y, z }: Pose, random: Random): Shape[] {
  const size = random.between(0.3, 1.5);
  const material = leaves(random.between(0.05, 0.3), random);
  return Array.from({ length: 1 + Math.floor(random.between(0, 4)) }, () => {
    const radius = size * random.between(0.6, 1.1);
    const height = size * random.between(0.8, 2);
    const [dx, dy] = [random.between(-1, 1) * size, random.between(-1, 1) * size];
    return ellipsoid(x + dx, y + dy, radius, z - height * 0.3, z + height, material);
  });
}

/** Tall grass, flowers, ground cover. */
export function lowPlants({ x, y, z }: Pose, random: Random): Shape[] {
  const material = leaves(random.between(0.1, 0.5), random);
  return Array.from({ length: 1 + Math.floor(random.between(0, 3)) }, () => {
    const [dx, dy] = [random.between(-1.5, 1.5), random.between(-1.5, 1.5)];
    return ellipsoid(x + dx, y + dy, random.between(0.3, 1.2), z - 0.3, z + random.between(0.2, 0.6), material);
  });
}

/** A cut or grown-out hedge of this length along the pose. */
export function hedge(pose: Pose, length: number, random: Random): Shape[] {
  const [height, width] = [random.between(0.5, 2.6), random.between(0.4, 1.3)];
  const material = leaves(random.between(0.04, 0.2), random);
  const half = length / 2;
  const shapes = [
    box(pose, { back: -half, front: half, width, bottom: -0.3, top: height * 0.92, leanSides: width * 0.12 }, material),
  ];
  for (let along = -half; along < half; along += random.between(0.5, 1.5)) {
    const { x, y } = placed(pose, along, random.between(-0.2, 0.2) * width);
    const bottom = pose.z + random.between(0, 0.5) * height;
    shapes.push(
      ellipsoid(x, y, width * random.between(0.4, 0.75), bottom, pose.z + height * random.between(0.8, 1.2), material),
    );
  }
  return shapes;
}

/** Thicket along the pose: undergrowth, clumps and thin stems, as on embankments and at the edge of woods. */
export function thicket(pose: Pose, length: number, depth: number, random: Random): Shape[] {
  const shapes: Shape[] = [];
  const material = leaves(random.between(0.15, 0.9), random);
  const bark: Material = { label: pole, reflectance: 0.4 };
  for (let count = Math.ceil((length * depth) / 5); count > 0; count--) {
    const { x, y } = placed(pose, random.between(-0.5, 0.5) * length, random.between(-0.5, 0.5) * depth);
    const size = random.between(0.5, 1.8);
    const bottom = pose.z + (random.chance(0.6) ? -0.4 : random.between(0, 2));
    shapes.push(ellipsoid(x, y, size, bottom, bottom + size * random.between(1, 3), material));
    if (random.chance(0.15)) shapes.push(cylinder(x, y, random.between(0.05, 0.2), pose.z - 0.5, pose.z + 4, bark));
  }
  return shapes;
}
