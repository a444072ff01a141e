import { seededRandom } from '@tfjs-sparse/core';
import { side } from './dataset.js';

const radius = 31;

/** Maps for the pack's golden, drawn from a seed: none of them is recorded data. */
export function goldenMaps(): Record<string, Uint8Array> {
  const random = seededRandom(64);
  return {
    ring: drawn((distance) => random() < (distance > 0.88 ? 0.85 : 0.04)),
    centre: drawn((distance) => random() < (distance < 0.3 ? 0.8 : 0.05)),
    scattered: drawn(() => random() < 0.35),
    scratch: drawn((_distance, row, column) => Math.abs(row - column / 2 - 20) < 1 || random() < 0.02),
  };
}

/** A disc of passing dies on which `fails` says which dies fail. */
function drawn(fails: (distance: number, row: number, column: number) => boolean): Uint8Array {
  const middle = (side - 1) / 2;
  return Uint8Array.from({ length: side * side }, (_, cell) => {
    const [row, column] = [Math.floor(cell / side), cell % side];
    const distance = Math.hypot(row - middle, column - middle) / radius;
    if (distance > 1) return 0;
    return fails(distance, row, column) ? 2 : 1;
  });
}
