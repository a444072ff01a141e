import type { Convex, Cylinder, Ellipsoid, Shape } from './shapes.js';

/** Where a ray is inside a shape, as horizontal distances from the sensor; `cosine` between ray and surface normal. */
export interface Crossing {
  enter: number;
  exit: number;
  cosine: number;
}

/**
 * The ray `r -> r * (cos azimuth, sin azimuth, slope)` from the sensor at the origin through a shape.
 *
 * @param crossing is written when the ray hits
 */
export function crosses(shape: Shape, cos: number, sin: number, slope: number, crossing: Crossing): boolean {
  if (shape.kind === 'convex') return crossesConvex(shape, cos, sin, slope, crossing);
  return shape.kind === 'cylinder'
    ? crossesCylinder(shape, cos, sin, slope, crossing)
    : crossesEllipsoid(shape, cos, sin, slope, crossing);
}

function crossesConvex({ planes }: Convex, cos: number, sin: number, slope: number, crossing: Crossing): boolean {
  let [enter, exit, facing] = [0, Infinity, 0];
  for (let i = 0; i < planes.length; i += 4) {
    const along = planes[i] * cos + planes[i + 1] * sin + planes[i + 2] * slope;
    const offset = planes[i + 3];
    if (along === 0) {
      if (offset < 0) return false;
      continue;
    }
    const distance = offset / along;
    if (along > 0) {
      if (distance < exit) exit = distance;
    } else if (distance > enter) {
      enter = distance;
      facing = -along;
    }
    if (enter >= exit) return false;
  }
  if (enter <= 0) return false;
  crossing.enter = enter;
  crossing.exit = exit;
  crossing.cosine = facing / Math.sqrt(1 + slope * slope);
  return true;
}

function crossesCylinder(
  { x, y, radius, bottom, top }: Cylinder,
  cos: number,
  sin: number,
  slope: number,
  crossing: Crossing,
): boolean {
  const nearest = x * cos + y * sin;
  const missSquared = x * x + y * y - nearest * nearest;
  const halfChordSquared = radius * radius - missSquared;
  if (halfChordSquared <= 0) return false;
  const halfChord = Math.sqrt(halfChordSquared);
  let [enter, exit] = [nearest - halfChord, nearest + halfChord];
  let cosine = halfChord / radius / Math.sqrt(1 + slope * slope);
  if (slope !== 0) {
    const [low, high] = slope > 0 ? [bottom / slope, top / slope] : [top / slope, bottom / slope];
    if (low > enter) {
      enter = low;
      cosine = Math.abs(slope) / Math.sqrt(1 + slope * slope);
    }
    exit = Math.min(exit, high);
  } else if (bottom > 0 || top < 0) return false;
  if (enter >= exit || enter <= 0) return false;
  Object.assign(crossing, { enter, exit, cosine });
  return true;
}

function crossesEllipsoid(
  { x, y, radius, bottom, top }: Ellipsoid,
  cos: number,
  sin: number,
  slope: number,
  crossing: Crossing,
): boolean {
  const flatness = (2 * radius) / (top - bottom); // scales heights so that the ellipsoid is a sphere
  const [scaledSlope, z] = [slope * flatness, ((top + bottom) / 2) * flatness];
  const squared = 1 + scaledSlope * scaledSlope;
  const nearest = (x * cos + y * sin + z * scaledSlope) / squared;
  const discriminant = nearest * nearest - (x * x + y * y + z * z - radius * radius) / squared;
  if (discriminant <= 0) return false;
  const halfChord = Math.sqrt(discriminant);
  crossing.enter = nearest - halfChord;
  crossing.exit = nearest + halfChord;
  crossing.cosine = Math.min(1, (halfChord * Math.sqrt(squared)) / radius);
  return crossing.enter > 0;
}
