export type Vector = readonly [x: number, y: number, z: number];

/** Rows of a matrix that turns a vector. */
export type Rotation = readonly [Vector, Vector, Vector];

export function plus(a: Vector, b: Vector, factor = 1): Vector {
  return [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function unit(a: Vector): Vector {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}

export function turned(a: Vector, rotation: Rotation): Vector {
  return [dot(rotation[0], a), dot(rotation[1], a), dot(rotation[2], a)];
}
