import { requireRange } from '../errors.js';
import { checkedAxes, integersPerAxis, windowShifts, windowSizes } from './axis-options.js';
import { bitsFor, type Bounds } from './key-space.js';
import { cloudDigit, type Digit } from './site-digits.js';

/** By one axis after the other: DSVT sorts the sites of a window so, by `y, x, z` or `x, y, z`. */
export interface LexicographicCurve {
  readonly curve: 'lexicographic';
  /** The axes that count, the one that counts most first; default all. */
  readonly axes?: readonly number[];
}

/**
 * A line that turns back at every end: each axis runs backwards where the sum of those before it is odd. With windows,
 * the line goes through them so, and inside a window along the axes in opposite order, backwards where the row of windows
 * runs backwards. (FlatFormer's two orders: axes `y, x` and `x, y`.)
 */
export interface BoustrophedonCurve {
  readonly curve: 'boustrophedon';
  readonly axes?: readonly number[];
  /** Cells of a window on each of `axes`; default 1: no windows. */
  readonly size?: readonly number[];
  /** Added to the coordinates on each of `axes`; default 0. */
  readonly shift?: readonly number[];
}

/**
 * A curve through a cube of `2^depth` cells per axis; the highest bit of a code is that of the first of `axes`. (Point
 * Transformer V3 and LitePT: `z` and `hilbert` with axes x, y, z, their `-trans` with y, x, z.)
 */
export interface CubeCurve {
  readonly curve: 'z' | 'hilbert';
  readonly axes?: readonly number[];
  /** The least corner of the cube on each of `axes`; default 0, or the least coordinate where that is negative. */
  readonly origin?: readonly number[];
  /**
   * Default: as few as the coordinates need. The Hilbert curves of different depths order sites differently, the Z-order
   * curves do not.
   */
  readonly depth?: number;
}

export type Curve = LexicographicCurve | BoustrophedonCurve | CubeCurve;

/** With all defaults that do not depend on the sites. */
export type CheckedCurve = Curve & { readonly axes: readonly number[] };

/** A curve that fills a cube, for given sites. */
export interface CurveTail {
  readonly isHilbert: boolean;
  readonly columns: readonly number[];
  /** The least corner of the cube, per column. */
  readonly origin: readonly number[];
  /** Bits of a coordinate. */
  readonly depth: number;
}

const names: readonly string[] = ['lexicographic', 'boustrophedon', 'z', 'hilbert'];
const nameRule = "curve must be 'lexicographic', 'boustrophedon', 'z' or 'hilbert'";
const op = 'orderBy';
const depthLimit = 21; // bits of the distance of any two coordinates

export function checkedCurve(curve: Curve, rank: number): CheckedCurve {
  requireRange(names.includes(curve.curve), op, nameRule, curve.curve);
  const axes = checkedAxes(op, curve.axes, rank);
  if (curve.curve === 'lexicographic') return { curve: curve.curve, axes };
  if (curve.curve === 'boustrophedon') {
    const size = integersPerAxis(op, 'size', curve.size, axes.length, windowSizes);
    const shift = integersPerAxis(op, 'shift', curve.shift, axes.length, windowShifts);
    return { curve: curve.curve, axes, size, shift };
  }
  const { depth, origin } = curve;
  const isDepth = depth === undefined || (Number.isInteger(depth) && depth >= 1 && depth <= depthLimit);
  requireRange(isDepth, op, `depth must be an integer from 1 to ${depthLimit}`, depth);
  if (origin) integersPerAxis(op, 'origin', origin, axes.length, windowShifts);
  return { curve: curve.curve, axes, origin, depth };
}

/** The digits of a curve, digit 1 and on. */
export function curveDigits(curve: CheckedCurve): readonly Digit[] {
  if (curve.curve === 'lexicographic') return curve.axes.map((axis) => ({ ...cloudDigit, column: 1 + axis }));
  return curve.curve === 'boustrophedon' ? boustrophedonDigits(curve) : [];
}

function boustrophedonDigits({ axes = [], size = [], shift = [] }: BoustrophedonCurve): readonly Digit[] {
  const digits = axes.map((axis, i) => ({ column: 1 + axis, size: size[i], shift: shift[i] }));
  const numbers = axes.map((_, i) => 1 + i);
  const windows = digits.map((digit, i) => ({ ...digit, isPlace: false, reversedBy: numbers.slice(0, i) }));
  const rowOfWindows = numbers.slice(0, -1);
  const places = [...digits].reverse().map((digit, i) => ({
    ...digit,
    isPlace: true,
    reversedBy: [...rowOfWindows, ...numbers.slice(0, i).map((number) => axes.length + number)],
  }));
  return size.every((cells) => cells === 1) ? windows : [...windows, ...places];
}

/** The curve in its cube; null where digits say it all. */
export function curveTail(curve: CheckedCurve, { minimum, maximum }: Bounds): CurveTail | null {
  if (curve.curve !== 'z' && curve.curve !== 'hilbert') return null;
  const columns = curve.axes.map((axis) => 1 + axis);
  const origin = curve.origin ?? columns.map((column) => Math.min(minimum[column], 0));
  requireRange(
    columns.every((column, i) => minimum[column] >= origin[i]),
    op,
    'origin must not be greater than a coordinate',
    origin,
  );
  const least = Math.max(1, ...columns.map((column, i) => bitsFor(maximum[column] - origin[i])));
  const { depth = least } = curve;
  requireRange(depth >= least, op, `depth must be at least ${least} (bits of the greatest coordinate)`, depth);
  const isHilbert = curve.curve === 'hilbert';
  return { isHilbert, columns, origin, depth: isHilbert ? depth : least }; // higher bits of the Z-order codes are 0
}
