import { blocksAcross, type BlockPlace, type Settings } from './settings.js';

/** Of each row of blocks the columns that are on: those drawn by the seed, but for the turned ones. */
export function seenBlocks(settings: Settings): number[][] {
  const count = blocksAcross(settings);
  const turned = new Set(settings.turned.map(([row, column]) => `${row},${column}`));
  const share = settings.blocks / 100;
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (_, column) => column).filter(
      (column) => chance(settings.seed, row, column) < share !== turned.has(`${row},${column}`),
    ),
  );
}

/** The same settings with a block on where it was off, or off where it was on. */
export function turnBlock(settings: Settings, [row, column]: BlockPlace): Settings {
  const others = settings.turned.filter(([r, c]) => r !== row || c !== column);
  const isTurned = others.length < settings.turned.length;
  return { ...settings, turned: isTurned ? others : [...others, [row, column]] };
}

/** A number in [0, 1) for each block and seed: a block that is on stays on while the density rises. */
function chance(seed: number, row: number, column: number): number {
  let bits = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(row + 1, 0x85ebca6b) ^ Math.imul(column + 1, 0xc2b2ae35);
  // the finalizer of MurmurHash3
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
