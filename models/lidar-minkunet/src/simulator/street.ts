import { drawCharacter, type Character } from './character.js';
import type { Ground } from './ground.js';
import { pedestrian, rider } from './people.js';
import { bush, conifer, hedge, lowPlants, thicket, tree } from './plants.js';
import type { Random } from './random.js';
import type { Pose, Shape } from './shapes.js';
import { StreetBuilder, turned } from './street-builder.js';
import { clutter, fence, guardRail, house, post, shed } from './structures.js';
import { car, largeVehicle, twoWheeler } from './vehicles.js';

/** What the scanner sees. */
export interface Street {
  readonly ground: Ground;
  readonly shapes: readonly Shape[];
}

type Side = -1 | 1;

/** Draws a street: rows of things along both sides of the road, from the kerb to behind the houses, and traffic. */
export function drawStreet(random: Random): Street {
  const street = new StreetBuilder(random);
  const character = drawCharacter(random);
  for (const side of [-1, 1] as const) {
    const drawn = character();
    addKerb(street, side, drawn);
    addPeople(street, side, drawn);
    addPlots(street, side, drawn);
    addTraffic(street, side);
  }
  if (street.ground.hasCrossing) addCrossingTraffic(street);
  return street;
}

function addKerb(street: StreetBuilder, side: Side, { parking, posts, trees }: Character): void {
  const { random } = street;
  const parked = (pose: Pose) => {
    const straight = turned(pose, random.chance(0.5) ? 0 : Math.PI);
    return random.chance(0.1) ? largeVehicle(straight, random) : car(turned(straight, 0.03 * random.normal()), random);
  };
  street.scatter(parking, { side, beyond: random.pick([-1.1, -1.1, 0.4]), least: 5.6, most: 7.2 }, parked);
  const beyond = (least: number, most: number) => random.between(least, most);
  street.scatter(posts, { side, beyond: beyond(0.3, 0.8), least: 3, most: 12 }, (pose) => post(pose, random));
  street.scatter(trees, { side, beyond: beyond(0.4, 1.2), least: 5, most: 12 }, (pose) => tree(pose, random));
  street.scatter(0.2, { side, beyond: beyond(0.3, 1.5), least: 4, most: 14 }, (pose) => clutter(pose, random));
  street.scatter(0.1, { side, beyond: beyond(0.2, 1), least: 2, most: 9 }, (pose) =>
    twoWheeler(turned(pose, random.between(0, 3)), random),
  );
}

/** Groups of people, most of them on the sidewalk. */
function addPeople(street: StreetBuilder, side: Side, { people }: Character): void {
  const { random, ground } = street;
  const sidewalk = ground.sidewalks[side > 0 ? 1 : 0];
  for (let group = random.between(0, people); group > 0; group--) {
    const beyond = random.chance(0.2) ? random.between(-3, 0) : random.between(0.2, Math.max(1.5, sidewalk));
    const x = random.between(-1, 1) * (random.chance(0.6) ? 22 : 55);
    const heading = ground.direction(x) + (random.chance(0.7) ? random.pick([0, Math.PI]) : random.between(0, 6.3));
    const y = ground.centre(x) + side * (ground.halfWidth + beyond);
    for (let member = random.pick([1, 1, 2, 3]); member > 0; member--) {
      const [px, py] = [x + random.between(-0.8, 0.8), y + random.between(-0.8, 0.8)];
      street.add((random.chance(0.15) ? rider : pedestrian)(street.place(px, py, heading), random));
    }
  }
}

/** Boundaries, gardens, houses, and what is behind them. */
function addPlots(street: StreetBuilder, side: Side, { boundary, gardens, growth, houses }: Character): void {
  const { random, ground } = street;
  const edge = Math.max(ground.sidewalks[side > 0 ? 1 : 0], 0.4) + 0.3;
  street.fill({ side, beyond: edge, least: 4, most: 18 }, (pose, length) => {
    const kind = random.pick(boundary);
    if (kind === 'fence') return fence(pose, length, random);
    if (kind === 'hedge') return hedge(pose, length, random);
    if (kind === 'rail') return guardRail(pose, length);
    return kind === 'thicket' ? thicket(pose, length, 3, random) : [];
  });
  const garden = random.between(0.5, gardens);
  for (let row = 0.8; row < garden; row += 2.5) {
    street.fill({ side, beyond: edge + row, least: 2, most: 9 }, (pose) => inGarden(pose, growth, random));
  }
  const facing = (pose: Pose) => (side > 0 ? pose : turned(pose, Math.PI));
  street.fill({ side, beyond: edge + garden, least: 7, most: 28 }, (pose, length) => {
    const gap = random.chance(0.35) ? random.between(1.5, 6) : 0.02;
    if (random.chance(houses)) return house(facing(pose), length - gap, random.between(7, 14), random);
    return random.chance(0.3) ? shed(turned(pose, 0.2 * random.normal()), random) : thicket(pose, length, 6, random);
  });
  const behind = edge + garden + random.between(12, 25);
  street.fill({ side, beyond: behind, least: 8, most: 20 }, (pose, length) => {
    if (random.chance(0.35)) return house(facing(pose), length, 10, random);
    return random.chance(0.6) ? [...tree(pose, random), ...bush(pose, random)] : thicket(pose, length, 8, random);
  });
}

function inGarden(pose: Pose, growth: number, random: Random): Shape[] {
  const draw = random.unit() / growth;
  if (draw < 0.3) return bush(pose, random);
  if (draw < 0.37) return tree(pose, random);
  if (draw < 0.4) return conifer(pose, random);
  if (draw < 0.46) return car(turned(pose, Math.PI / 2), random);
  if (draw < 0.48) return clutter(pose, random);
  if (draw < 0.5) return pedestrian(turned(pose, random.between(0, 6.3)), random);
  return draw < 0.6 ? lowPlants(pose, random) : [];
}

/** Traffic keeps to the right. */
function addTraffic(street: StreetBuilder, side: Side): void {
  const { random, ground } = street;
  const lane = { side, beyond: -ground.halfWidth * random.between(0.4, 0.6), least: 12, most: 40 };
  street.scatter(0.3, lane, (pose) => {
    const draw = random.unit();
    const vehicle = draw < 0.75 ? car : draw < 0.88 ? largeVehicle : rider;
    return vehicle(turned(pose, side > 0 ? Math.PI : 0), random);
  });
}

function addCrossingTraffic(street: StreetBuilder): void {
  const { random, ground } = street;
  for (let y = -70; y < 70; y += random.between(6, 16)) {
    const x = ground.crossingAt + random.between(-2, 2);
    const isOnMainRoad = Math.abs(y - ground.centre(x)) <= ground.halfWidth + 2;
    if (random.chance(0.35) && !isOnMainRoad) street.add(car(street.place(x, y, Math.PI / 2), random));
  }
}
