import { labels } from '../labels.js';
import type { Random } from './random.js';
import { box, placed, type Material, type Pose, type Shape } from './shapes.js';

const vehicle = labels.indexOf('vehicle');
const glass: Material = { label: vehicle, reflectance: 0.12, transmission: 0.55 };
const tyre: Material = { label: vehicle, reflectance: 0.08 };

/** A small car, saloon, estate or off-roader: body, cabin of glass and pillars, wheels, mirrors. */
export function car(pose: Pose, random: Random): Shape[] {
  const length = random.between(3.5, 4.9);
  const width = random.between(1.58, 1.92);
  const height = random.between(1.38, 1.85);
  const waist = height * random.between(0.56, 0.66);
  const paint: Material = { label: vehicle, reflectance: random.between(0.08, 0.8) };
  const half = length / 2;
  const bonnet = length * random.between(0.18, 0.28);
  const boot = random.chance(0.4) ? length * random.between(0.1, 0.18) : 0.05;
  const cabin = {
    back: -half + boot,
    front: half - bonnet,
    leanBack: random.between(0.2, 0.7),
    leanFront: random.between(0.5, 0.95),
  };
  return [
    box(pose, { back: -half, front: half, width, bottom: 0.22, top: waist * 0.75, leanFront: 0.08 }, paint),
    box(
      pose,
      {
        back: -half + 0.05,
        front: half - 0.12,
        width,
        bottom: waist * 0.7,
        top: waist,
        leanFront: 0.35,
        leanSides: 0.05,
      },
      paint,
    ),
    box(pose, { ...cabin, width: width - 0.1, bottom: waist, top: height - 0.07, leanSides: 0.18 }, glass),
    box(
      pose,
      {
        back: cabin.back + cabin.leanBack,
        front: cabin.front - cabin.leanFront,
        width: width - 0.45,
        bottom: height - 0.09,
        top: height,
      },
      paint,
    ),
    box(
      pose,
      { back: -half * 0.3, front: half * 0.3, width: width - 0.5, bottom: 0.4, top: waist + 0.3 },
      { label: vehicle, reflectance: 0.2 },
    ), // seats, seen through the glass
    ...wheels(pose, half * 0.63, width, 0.62, 0.22),
    ...[-1, 1].map((side) =>
      box(
        placed(pose, cabin.front - 0.7, side * (width / 2 + 0.06)),
        { back: -0.08, front: 0.08, width: 0.2, bottom: waist, top: waist + 0.16 },
        paint,
      ),
    ),
  ];
}

/** A van, lorry or bus. */
export function largeVehicle(pose: Pose, random: Random): Shape[] {
  const paint: Material = { label: vehicle, reflectance: random.between(0.2, 0.85) };
  const isVan = random.chance(0.6);
  const length = isVan ? random.between(4.6, 6.5) : random.between(7, 12.5);
  const [width, height] = isVan
    ? [random.between(1.85, 2.1), random.between(1.9, 2.7)]
    : [2.5, random.between(2.8, 3.5)];
  const half = length / 2;
  const cabLength = isVan ? 1.6 : random.between(1.8, 2.4);
  const waist = height * 0.45;
  return [
    box(pose, { back: -half, front: half - cabLength, width, bottom: isVan ? 0.3 : 0.7, top: height }, paint),
    box(
      pose,
      { back: half - cabLength, front: half, width, bottom: 0.3, top: waist, leanFront: isVan ? 0.3 : 0 },
      paint,
    ),
    box(
      pose,
      {
        back: half - cabLength,
        front: half - (isVan ? 0.3 : 0),
        width,
        bottom: waist,
        top: height - 0.1,
        leanFront: isVan ? 0.9 : 0.1,
      },
      glass,
    ),
    ...wheels(pose, half * 0.66, width, isVan ? 0.68 : 0.95, 0.28),
  ];
}

/** A bicycle or motorcycle, stood up or ridden. */
export function twoWheeler(pose: Pose, random: Random): Shape[] {
  const isMotorcycle = random.chance(0.3);
  const metal: Material = { label: vehicle, reflectance: random.between(0.15, 0.5) };
  const half = isMotorcycle ? 0.75 : 0.55;
  const wheel: Material = { ...metal, transmission: isMotorcycle ? 0.2 : 0.7 };
  return [
    ...[-half, half].map((along) =>
      box(placed(pose, along, 0), { back: -0.33, front: 0.33, width: 0.06, bottom: 0, top: 0.66 }, wheel),
    ),
    box(
      pose,
      {
        back: -half * 0.8,
        front: half * 0.8,
        width: isMotorcycle ? 0.4 : 0.08,
        bottom: 0.3,
        top: isMotorcycle ? 0.85 : 0.75,
      },
      isMotorcycle ? metal : { ...metal, transmission: 0.5 },
    ),
    box(placed(pose, half * 0.75, 0), { back: -0.06, front: 0.06, width: 0.6, bottom: 0.9, top: 1.05 }, metal),
  ];
}

function wheels(pose: Pose, along: number, width: number, diameter: number, thickness: number): Shape[] {
  return [-1, 1].flatMap((end) =>
    [-1, 1].map((side) =>
      box(
        placed(pose, end * along, (side * (width - thickness)) / 2),
        {
          back: -diameter / 2,
          front: diameter / 2,
          width: thickness,
          bottom: 0,
          top: diameter,
          leanFront: diameter / 5,
          leanBack: diameter / 5,
        },
        tyre,
      ),
    ),
  );
}
