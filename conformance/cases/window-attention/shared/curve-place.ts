import type { SerializedPatchesOptions } from '@tfjs-sparse/window-attention';
import type { Site } from '../../../oracle/sites.js';

/**
 * Where each of the sites is on its curve: bits of the axes in turn, or the Hilbert curve of J. Skilling (Programming the
 * Hilbert curve, 2004) from the place to the cell, of which the place is searched: level by level, as a cube of a finer
 * level lies in the cube of the place before.
 */
export function curvePlace(
  sites: readonly Site[],
  { order, axes = [], depth }: SerializedPatchesOptions,
): (site: Site) => bigint {
  const rank = (sites[0]?.length ?? 2) - 1;
  const along = axes.length > 0 ? [...axes] : Array.from({ length: rank }, (_, axis) => axis);
  if (order.endsWith('-trans')) [along[0], along[1]] = [along[1], along[0]];
  const least = along.map((axis) => Math.min(0, ...sites.map((site) => site[1 + axis])));
  const cellOf = (site: Site) => along.map((axis, i) => site[1 + axis] - least[i]);
  const greatest = Math.max(1, ...sites.flatMap(cellOf));
  const bits = depth ?? Math.floor(Math.log2(greatest)) + 1;
  const place = order.startsWith('z') ? zOrder : hilbertPlace;
  return (site) => place(cellOf(site), bits);
}

function zOrder(cell: readonly number[], bits: number): bigint {
  let code = 0n;
  for (let bit = bits - 1; bit >= 0; bit--) {
    for (const value of cell) code = code * 2n + BigInt(Math.floor(value / 2 ** bit) % 2);
  }
  return code;
}

/** The place whose cell is `cell`: the first 2^axes choices of every level are tried. */
function hilbertPlace(cell: readonly number[], bits: number): bigint {
  const children = 1n << BigInt(cell.length);
  let place = 0n;
  for (let level = 1; level <= bits; level++) {
    const left = bits - level;
    for (let child = 0n; child < children; child++) {
      // Any place of the child has a cell that agrees with those of the others on all but the last `left` bits.
      const candidate = (place * children + child) * children ** BigInt(left);
      const found = cellAt(candidate, cell.length, bits);
      if (found.every((value, i) => Math.floor(value / 2 ** left) === Math.floor(cell[i] / 2 ** left))) {
        place = place * children + child;
        break;
      }
    }
  }
  return place;
}

/** Skilling's TransposetoAxes. */
function cellAt(place: bigint, axisCount: number, bits: number): number[] {
  const cell = new Array<number>(axisCount).fill(0);
  const digits = [...place.toString(2).padStart(axisCount * bits, '0')];
  digits.forEach((digit, i) => (cell[i % axisCount] = cell[i % axisCount] * 2 + Number(digit)));
  const last = cell[axisCount - 1] >> 1;
  for (let i = axisCount - 1; i > 0; i--) cell[i] ^= cell[i - 1];
  cell[0] ^= last;
  for (let bit = 2; bit < 2 ** bits; bit *= 2) {
    for (let i = axisCount - 1; i >= 0; i--) {
      if (cell[i] & bit) cell[0] ^= bit - 1;
      else {
        const swapped = (cell[0] ^ cell[i]) & (bit - 1);
        cell[0] ^= swapped;
        cell[i] ^= swapped;
      }
    }
  }
  return cell;
}
