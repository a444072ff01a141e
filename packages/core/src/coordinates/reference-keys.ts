import type { CurveTail } from './curves.js';
import type { KeyPlan } from './key-plan.js';
import { digitOf, type Digit } from './site-digits.js';
import type { Sites } from './sites.js';

// Keys of groups and orders as plain integers of any size: what the wasm path must equal, and what runs where it cannot.

/** Int32 `[sites, digits]` */
export function digitRows({ count, coordinates, bounds }: Sites, digits: readonly Digit[]): Int32Array {
  const columns = bounds.minimum.length;
  const rows = new Int32Array(count * digits.length);
  for (let i = 0; i < rows.length; i++) {
    const digit = digits[i % digits.length];
    rows[i] = digitOf(coordinates[Math.floor(i / digits.length) * columns + digit.column], digit);
  }
  return rows;
}

/** The sites by the keys of `plan`, equal ones ascending. */
export function sortedSites(sites: Sites, plan: KeyPlan): Int32Array {
  const keys = Array.from({ length: sites.count }, (_, site) => keyOf(sites, plan, site));
  const compare = (a: number, b: number): number => (keys[a] < keys[b] ? -1 : Number(keys[a] > keys[b]));
  return Int32Array.from(keys.keys()).sort((a, b) => compare(a, b) || a - b);
}

function keyOf({ coordinates, bounds }: Sites, { groups, digits, ranges, curve }: KeyPlan, site: number): bigint {
  const row = coordinates.subarray(site * bounds.minimum.length, (site + 1) * bounds.minimum.length);
  const values = digits.map((digit) => digitOf(row[digit.column], digit));
  if (groups) values[0] = groups.rows.transposed.index![site];
  let key = 0n;
  digits.forEach(({ reversedBy }, number) => {
    const { least, greatest, bits } = ranges[number];
    const oddDigits = reversedBy.filter((earlier) => values[earlier] % 2 !== 0).length;
    const counted = oddDigits % 2 === 1 ? greatest - values[number] : values[number] - least;
    key = (key << BigInt(bits)) | BigInt(counted);
  });
  return curve ? (key << BigInt(curve.depth * curve.columns.length)) | curveCode(row, curve) : key;
}

function curveCode(row: Int32Array, { isHilbert, columns, origin, depth }: CurveTail): bigint {
  const offsets = columns.map((column, axis) => row[column] - origin[axis]);
  return isHilbert ? hilbertCode(offsets, depth) : interleaved(offsets, depth);
}

/** Bits from the highest on, one of each value in turn. */
function interleaved(values: readonly number[], depth: number): bigint {
  let code = 0n;
  for (let bit = depth - 1; bit >= 0; bit--) {
    for (const value of values) code = (code << 1n) | BigInt((value >> bit) & 1);
  }
  return code;
}

/** J. Skilling, Programming the Hilbert curve (2004), with his Gray code decoded. */
function hilbertCode(offsets: readonly number[], depth: number): bigint {
  const turned = [...offsets];
  for (let bit = depth - 1; bit >= 0; bit--) {
    const lower = 2 ** bit - 1;
    for (let axis = 0; axis < turned.length; axis++) {
      if ((turned[axis] >> bit) & 1) turned[0] ^= lower;
      else {
        const swapped = (turned[0] ^ turned[axis]) & lower;
        turned[0] ^= swapped;
        turned[axis] ^= swapped;
      }
    }
  }
  let code = interleaved(turned, depth);
  for (let shift = 1; shift < depth * offsets.length; shift *= 2) code ^= code >> BigInt(shift);
  return code;
}
