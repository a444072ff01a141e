import type { SiteGroups } from './group-by.js';
import { curveDigits, curveTail, type CheckedCurve, type CurveTail } from './curves.js';
import { bitsFor, type Bounds } from './key-space.js';
import { cloudDigit, digitRange, type Digit, type DigitRange } from './site-digits.js';

/** What the keys of an order are made of: digits, and behind them the code on a curve where there is one. */
export interface KeyPlan {
  /** Their number is digit 0; without them the batch index is. */
  readonly groups: SiteGroups | undefined;
  readonly digits: readonly Digit[];
  readonly ranges: readonly DigitRange[];
  readonly curve: CurveTail | null;
  readonly bits: number;
}

export function keyPlan(bounds: Bounds, curve: CheckedCurve, groups: SiteGroups | undefined): KeyPlan {
  return planOf(bounds, [cloudDigit, ...curveDigits(curve)], curveTail(curve, bounds), groups);
}

export function planOf(
  bounds: Bounds,
  digits: readonly Digit[],
  curve: CurveTail | null = null,
  groups?: SiteGroups,
): KeyPlan {
  const ranges = digits.map((digit) => evenRange(digitRange(digit, bounds)));
  if (groups) {
    const greatest = Math.max(groups.rows.rowCount - 1, 0);
    ranges[0] = { least: 0, greatest, bits: bitsFor(greatest) };
  }
  const tailBits = curve ? curve.depth * curve.columns.length : 0;
  return { groups, digits, ranges, curve, bits: ranges.reduce((sum, { bits }) => sum + bits, tailBits) };
}

/** The range from an even value on, so that the lowest bit of what is counted from there tells whether a digit is odd. */
function evenRange({ least, greatest }: DigitRange): DigitRange {
  const even = least - (least & 1);
  return { least: even, greatest, bits: bitsFor(greatest - even) };
}
