import type { Ground } from './ground.js';

/** The ground's height along one column, and where beams of rising slope meet it. */
export class GroundProfile {
  readonly #distances: number[] = [];
  readonly #heights: Float64Array;
  #segment = 0;

  constructor(
    private readonly ground: Ground,
    farthest: number,
  ) {
    for (let distance = 1; distance < farthest + 10; distance += Math.max(0.15, 0.012 * distance))
      this.#distances.push(distance);
    this.#heights = new Float64Array(this.#distances.length);
  }

  turn(cos: number, sin: number): void {
    this.#distances.forEach((distance, i) => (this.#heights[i] = this.ground.height(cos * distance, sin * distance)));
    this.#segment = 0;
  }

  /** Distance at which a beam meets the ground, or Infinity; slopes must rise from call to call. */
  hit(slope: number): number {
    const [distances, heights] = [this.#distances, this.#heights];
    let i = this.#segment;
    while (i + 1 < distances.length && slope * distances[i + 1] > heights[i + 1]) i++;
    this.#segment = i;
    if (i + 1 === distances.length) return Infinity;
    const [above, below] = [slope * distances[i] - heights[i], heights[i + 1] - slope * distances[i + 1]];
    if (above <= 0) return distances[i];
    return distances[i] + ((distances[i + 1] - distances[i]) * above) / (above + below);
  }

  /** Cosine between a beam and the ground's normal where `hit` found it. */
  cosine(slope: number): number {
    const i = this.#segment;
    const rise = (this.#heights[i + 1] - this.#heights[i]) / (this.#distances[i + 1] - this.#distances[i]);
    return Math.max(0, (rise - slope) / Math.hypot(1, rise) / Math.hypot(1, slope));
  }
}
