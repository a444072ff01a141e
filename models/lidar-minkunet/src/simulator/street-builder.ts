import { Ground } from './ground.js';
import type { Random } from './random.js';
import type { Pose, Shape } from './shapes.js';

/** Part of the road's surroundings: metres beyond the edge of the road, on the right (-1) or the left (1). */
export interface Strip {
  readonly side: -1 | 1;
  readonly beyond: number;
  /** Room along the road for each thing, in metres. */
  readonly least: number;
  readonly most: number;
}

const reach = 95; // metres of street on either side
const clearance = 1.9; // metres around the sensor, for the car that carries it

/** The ground and what was put on it so far. */
export class StreetBuilder {
  readonly ground: Ground;
  readonly shapes: Shape[] = [];

  constructor(readonly random: Random) {
    this.ground = new Ground(random);
  }

  /** Adds a thing unless it is too near to the sensor. */
  add(thing: readonly Shape[]): void {
    if (thing.every((shape) => distanceTo(shape) > clearance)) this.shapes.push(...thing);
  }

  /** A place on the ground. */
  place(x: number, y: number, heading: number): Pose {
    return { x, y, z: this.ground.height(x, y), heading };
  }

  /** Fills a strip along the main road, but not the crossing road, with what `make` makes for each length of it. */
  fill({ side, beyond, least, most }: Strip, make: (pose: Pose, length: number) => Shape[]): void {
    for (let x = -reach; x < reach;) {
      const length = this.random.between(least, most);
      const middle = x + length / 2;
      x += length;
      const heading = this.ground.direction(middle);
      const distance = side * (this.ground.halfWidth + beyond);
      const y = this.ground.centre(middle) + distance * Math.cos(heading);
      const pose = this.place(middle - distance * Math.sin(heading), y, heading);
      const isOnCrossing = this.ground.beyondRoad(pose.x, pose.y) < beyond - 0.3;
      if (!isOnCrossing) this.add(make(pose, length));
    }
  }

  /** `fill` with a thing in only this share of the places. */
  scatter(share: number, strip: Strip, make: (pose: Pose) => Shape[]): void {
    this.fill(strip, (pose) => (this.random.chance(share) ? make(pose) : []));
  }
}

/** The pose with its heading turned to the left by `angle`. */
export function turned(pose: Pose, angle: number): Pose {
  return { ...pose, heading: pose.heading + angle };
}

/** Distance from the sensor, seen from above (a lower bound for boxes). */
function distanceTo(shape: Shape): number {
  if (shape.kind !== 'convex') return Math.hypot(shape.x, shape.y) - shape.radius;
  let distance = -Infinity;
  for (let i = 8; i < shape.planes.length; i += 4) distance = Math.max(distance, -shape.planes[i + 3]); // sides only
  return distance;
}
