import { planeNoise } from './noise.js';
import type { Random } from './random.js';

/** The ground around the sensor, which is at the origin: a road, perhaps a crossing one, sidewalks, the land beside. */
export class Ground {
  /** Half the widths of the two roads, in metres; no second road: `hasCrossing` is false. */
  readonly halfWidth: number;
  readonly hasCrossing: boolean;
  /** Where along x the second road crosses. */
  readonly crossingAt: number;
  readonly sensorHeight: number;
  /** Width of the sidewalk on the right (y < 0) and on the left; 0 for none. */
  readonly sidewalks: readonly [number, number];
  readonly #offset: number;
  readonly #heading: number;
  readonly #curvature: number;
  readonly #crossingHalfWidth: number;
  readonly #crossingSkew: number;
  readonly #curb: number;
  readonly #slopes: readonly [number, number];
  readonly #hill: number;
  readonly #banks: readonly [number, number];
  readonly #roughness: number;
  readonly #seed: number;

  constructor(random: Random) {
    this.sensorHeight = random.between(1.6, 1.85);
    this.halfWidth = random.between(2.6, 6.5);
    this.#offset = random.between(-0.6, 0.6) * this.halfWidth;
    this.#heading = 0.04 * random.normal();
    this.#curvature = random.chance(0.5) ? 0.006 * random.normal() : 0;
    this.hasCrossing = random.chance(0.5);
    this.crossingAt = random.between(-45, 45);
    this.#crossingHalfWidth = random.between(2.3, 5.5);
    this.#crossingSkew = 0.25 * random.normal();
    const sidewalk = () => (random.chance(0.8) ? random.between(0.8, 4.5) : 0);
    this.sidewalks = [sidewalk(), sidewalk()];
    this.#curb = random.chance(0.2) ? 0 : random.between(0.03, 0.18);
    this.#slopes = [0.02 * random.normal(), 0.012 * random.normal()];
    this.#hill = random.chance(0.4) ? 0.00025 * random.normal() : 0;
    const bank = () => (random.chance(0.4) ? random.between(-0.2, 0.3) : random.between(-0.03, 0.04));
    this.#banks = [bank(), bank()];
    this.#roughness = random.between(0.02, 0.35);
    this.#seed = Math.floor(random.unit() * 2 ** 31);
  }

  /** y of the middle of the main road. */
  centre(x: number): number {
    return this.#offset + x * (this.#heading + (this.#curvature * x) / 2);
  }

  /** Direction of the main road. */
  direction(x: number): number {
    return Math.atan(this.#heading + this.#curvature * x);
  }

  /** Distance to the edge of the nearest road; negative on it. */
  beyondRoad(x: number, y: number): number {
    const main = Math.abs(y - this.centre(x)) - this.halfWidth;
    return this.hasCrossing ? Math.min(main, this.beyondCrossing(x, y)) : main;
  }

  /** Height of the ground over the sensor, in metres (negative near it). */
  height(x: number, y: number): number {
    const side = y > this.centre(x) ? 1 : 0;
    const beyond = this.beyondRoad(x, y);
    const hill = this.#hill * (x * x) + this.#slopes[0] * x + this.#slopes[1] * y;
    const wave = 0.25 * (planeNoise(x / 25, y / 25, this.#seed) - planeNoise(0, 0, this.#seed));
    const level = hill + wave - this.sensorHeight;
    if (beyond <= 0) return level + Math.max(-0.08, beyond * 0.02); // drains to the edges
    const land = beyond - this.sidewalks[side];
    if (land <= 0) return level + this.#curb;
    const bank = this.#banks[side] * 6 * (1 - Math.exp(-land / 6)); // rises over some metres, then levels off
    const bumps = this.#roughness * Math.min(1, land / 5);
    return (
      level +
      this.#curb +
      bank +
      bumps * planeNoise(x / 4, y / 4, this.#seed + 1) +
      0.15 * bumps * planeNoise(x * 1.3, y * 1.3, this.#seed + 2)
    );
  }

  /** True beside road and sidewalk, where grass may grow. */
  isLand(x: number, y: number): boolean {
    return this.beyondRoad(x, y) > this.sidewalks[y > this.centre(x) ? 1 : 0];
  }

  private beyondCrossing(x: number, y: number): number {
    return Math.abs(x - this.crossingAt + this.#crossingSkew * y) - this.#crossingHalfWidth;
  }
}
