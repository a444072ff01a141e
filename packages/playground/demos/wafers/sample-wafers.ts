import { seededRandom } from '@tfjs-sparse/core';
import { waferSide, type Label } from '@tfjs-sparse/wafer-sscn';

/** A wafer map drawn by this file: no real data. */
export interface SampleWafer {
  readonly label: Label;
  /** uint8 `[64 * 64]`: 0 outside of the wafer, 1 pass, 2 fail */
  readonly map: Uint8Array;
}

/** `perClass` wafers of every class, in the order of the labels; the same seed draws the same wafers. */
export function sampleWafers(perClass: number, seed: number): SampleWafer[] {
  const labels = Object.keys(patterns) as Label[];
  return labels.flatMap((label, labelIndex) =>
    Array.from({ length: perClass }, (_, i) => {
      const random = seededRandom(seed + labelIndex * perClass + i);
      return { label, map: drawWafer(patterns[label](random), label === 'None' ? largeDie : 1, random) };
    }),
  );
}

/** Chance that the die at a place of the wafer fails; `radius` is 1 and `angle` from -pi to pi at the edge. */
type Pattern = (place: { x: number; y: number; radius: number; angle: number }) => number;

const background = 0.03; // failing dies around a pattern
const solid = 0.93; // and within one
const largeDie = 2.5; // cells a side: wafers without a pattern mostly come from coarse maps, scaled up to 64 x 64

/** A pattern of each class, with its position, size and shape drawn. */
const patterns: Record<Label, (random: () => number) => Pattern> = {
  Center: (random) => blob(random, between(random, 0, 0.1), between(random, 0.3, 0.45)),
  Donut(random) {
    const hole = blob(random, between(random, 0, 0.1), between(random, 0.25, 0.35));
    const whole = blob(random, 0.05, between(random, 0.65, 0.75));
    return (place) => (hole(place) > background ? background : whole(place));
  },
  'Edge-loc': (random) => edge(between(random, 0.2, 0.35), between(random, 0.4, 0.8), turn(random)),
  'Edge-ring': (random) => edge(between(random, 0.07, 0.14), Math.PI, 0),
  Local: (random) => blob(random, between(random, 0.4, 0.55), between(random, 0.17, 0.25)),
  'Near-full': () => () => 0.96,
  None(random) {
    const rate = between(random, 0.1, 0.15);
    return () => rate;
  },
  Random(random) {
    const rate = between(random, 0.35, 0.5);
    return () => rate;
  },
  Scratch: scratch,
};

/** @param dieSide cells a side of a die, all of which pass or fail together */
function drawWafer(pattern: Pattern, dieSide: number, random: () => number): Uint8Array {
  const centre = (waferSide - 1) / 2;
  const dies = new Map<number, number>();
  return Uint8Array.from({ length: waferSide ** 2 }, (_, cell) => {
    const [row, column] = [Math.floor(cell / waferSide), cell % waferSide];
    const [y, x] = [(row - centre) / centre, (column - centre) / centre];
    const radius = Math.hypot(x, y);
    if (radius > 1.01) return 0;
    const die = Math.floor(row / dieSide) * waferSide + Math.floor(column / dieSide);
    if (!dies.has(die)) dies.set(die, random() < pattern({ x, y, radius, angle: Math.atan2(y, x) }) ? 2 : 1);
    return dies.get(die)!;
  });
}

/** A patch of uneven outline, `distance` from the centre of the wafer. */
function blob(random: () => number, distance: number, size: number): Pattern {
  const direction = turn(random);
  const [centreX, centreY] = [distance * Math.cos(direction), distance * Math.sin(direction)];
  const waves = [2, 3, 5].map((frequency) => ({ frequency, phase: turn(random), height: between(random, 0.03, 0.12) }));
  return ({ x, y }) => {
    const angle = Math.atan2(y - centreY, x - centreX);
    const bulge = waves.reduce(
      (sum, { frequency, phase, height }) => sum + height * Math.sin(frequency * angle + phase),
      1,
    );
    return Math.hypot(x - centreX, y - centreY) < size * bulge ? solid : background;
  };
}

/** Along the edge of the wafer, `depth` deep and `halfWidth` (radians) to both sides of `direction`. */
function edge(depth: number, halfWidth: number, direction: number): Pattern {
  return ({ radius, angle }) => {
    const away = Math.abs(Math.atan2(Math.sin(angle - direction), Math.cos(angle - direction)));
    const depthHere = depth * Math.sqrt(Math.max(0, 1 - (away / halfWidth) ** 4 * 0.999));
    return away <= halfWidth && radius > 1 - depthHere ? solid : background;
  };
}

/** A thin bent line across part of the wafer. */
function scratch(random: () => number): Pattern {
  const direction = turn(random);
  const [length, bend, offset] = [between(random, 0.5, 0.8), between(random, -0.5, 0.5), between(random, -0.4, 0.4)];
  const halfThickness = 0.032; // two cells
  return ({ x, y }) => {
    const along = x * Math.cos(direction) + y * Math.sin(direction);
    const across = y * Math.cos(direction) - x * Math.sin(direction);
    const isOn = Math.abs(along) < length && Math.abs(across - offset - bend * along * along) < halfThickness;
    return isOn ? solid : background;
  };
}

function between(random: () => number, low: number, high: number): number {
  return low + (high - low) * random();
}

function turn(random: () => number): number {
  return between(random, -Math.PI, Math.PI);
}
