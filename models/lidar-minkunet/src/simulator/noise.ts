/** A number in [0, 1) from three whole numbers and a seed. */
export function hash(x: number, y: number, z: number, seed: number): number {
  let bits = Math.imul(x, 0x27d4eb2f) ^ Math.imul(y, 0x165667b1) ^ Math.imul(z, 0x2c1b3c6d) ^ seed;
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth value noise in the plane, -1 to 1, with features of the size of one unit. */
export function planeNoise(x: number, y: number, seed: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [eased(x - column), eased(y - row)];
  const near = hash(column, row, 0, seed) * (1 - u) + hash(column + 1, row, 0, seed) * u;
  const far = hash(column, row + 1, 0, seed) * (1 - u) + hash(column + 1, row + 1, 0, seed) * u;
  return 2 * (near * (1 - v) + far * v) - 1;
}

function eased(share: number): number {
  return share * share * (3 - 2 * share);
}
