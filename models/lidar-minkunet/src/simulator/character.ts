import type { Random } from './random.js';

/** What one side of a street has: shares of the places that are taken, and metres. */
export interface Character {
  readonly parking: number;
  /** Most groups of people. */
  readonly people: number;
  readonly trees: number;
  readonly posts: number;
  readonly houses: number;
  /** Of the gardens; picked for each stretch. */
  readonly boundary: readonly Boundary[];
  /** Greatest depth of the gardens. */
  readonly gardens: number;
  /** How much grows in them, 0 to 1. */
  readonly growth: number;
}

export type Boundary = 'fence' | 'hedge' | 'rail' | 'thicket' | 'none';

const boundaries: readonly Boundary[] = ['fence', 'hedge', 'rail', 'thicket', 'none'];

/** Draws what a street is like, and gives what draws each of its sides. */
export function drawCharacter(random: Random): () => Character {
  const isGreen = random.chance(0.5);
  const isBusy = random.chance(0.35);
  const isOpen = random.chance(0.45);
  const openBoundaries: readonly Boundary[] = ['none', 'none', 'none', ...boundaries];
  const greenBoundaries: readonly Boundary[] = [...boundaries, 'hedge', 'thicket'];
  const choices = isOpen ? openBoundaries : isGreen ? greenBoundaries : boundaries;
  return () => ({
    parking: random.chance(0.4) ? 0 : random.between(0.05, 0.8),
    people: isBusy ? random.between(3, 10) : random.between(0, 4),
    trees: random.chance(0.3) ? 0 : random.between(0.1, 0.8),
    posts: random.between(0.2, 0.9),
    houses: isGreen ? random.between(0, 0.4) : random.between(0.6, 1),
    boundary: Array.from({ length: 3 }, () => random.pick(choices)),
    gardens: isOpen ? random.between(5, 30) : isGreen ? random.between(3, 20) : random.between(0.6, 10),
    growth: isOpen ? random.between(0.1, 0.7) : 1,
  });
}
