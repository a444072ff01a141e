import { seededRandom } from '@tfjs-sparse/core';
import type { Rotation, Vector } from './vector.js';

/** Seeded draws. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.#next();
  }

  /** An integer from 0 to below `count`. */
  below(count: number): number {
    return Math.min(Math.floor(count * this.#next()), count - 1);
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  /** Of mean 0 and deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#next())) * Math.cos(2 * Math.PI * this.#next());
  }

  direction(): Vector {
    const z = this.between(-1, 1);
    const angle = this.between(0, 2 * Math.PI);
    const radius = Math.sqrt(1 - z * z);
    return [radius * Math.cos(angle), radius * Math.sin(angle), z];
  }

  /** Uniform over all rotations: of a quaternion whose four parts are normal (Marsaglia 1972). */
  rotation(): Rotation {
    const parts = Array.from({ length: 4 }, () => this.normal());
    const length = Math.hypot(...parts);
    const [w, x, y, z] = parts.map((part) => part / length);
    return [
      [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
      [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
      [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ];
  }
}
