import { hash } from './noise.js';
import type { Random } from './random.js';
import type { Crossing } from './rays.js';
import type { Shape } from './shapes.js';

/** Where the ray ends in a shape that it crosses: at its surface, somewhere inside, or not at all (Infinity). */
export function hitOf(
  { material, radius }: Shape,
  { enter, exit }: Crossing,
  limit: number,
  cos: number,
  sin: number,
  slope: number,
  random: Random,
): number {
  const { density, transmission, hasWindows } = material;
  if (density !== undefined) {
    const end = Math.min(exit, limit);
    for (let distance = enter; ;) {
      distance += random.freePath(3 * density);
      if (distance >= end) return Infinity;
      const thinning = Math.min(1, (distance - enter) / (0.5 * radius) + 0.15); // fewer leaves near the rim
      if (random.unit() < thinning * clumps(cos * distance, sin * distance, slope * distance)) return distance;
    }
  }
  if (transmission !== undefined && random.chance(transmission)) return Infinity;
  if (hasWindows) {
    const height = slope * enter + 1.7;
    const along = Math.abs(cos * enter) + Math.abs(sin * enter);
    const isWindow = height % 2.8 > 0.9 && height % 2.8 < 2.1 && along % 2.4 > 1.1 && height > 0;
    if (isWindow && random.chance(0.5)) return random.chance(0.7) ? Infinity : enter + random.between(0.05, 1.5);
  }
  return enter;
}

/** Leaves come in clumps of a third of a metre, on twigs of a metre; 0 to 1. */
function clumps(x: number, y: number, z: number): number {
  const fine = hash(Math.floor(3 * x), Math.floor(3 * y), Math.floor(3 * z), 7);
  const coarse = hash(Math.floor(x * 1.1), Math.floor(y * 1.1), Math.floor(z * 1.1), 8);
  return Math.max(0, fine + 1.5 * coarse - 0.75) / 1.75;
}
