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
  const digits = [cloudDigit, ...curveDigits(curve)];
  const ranges = digits.map((digit) => digitRange(digit, bounds));
  if (groups) {
    const greatest = Math.max(groups.rows.rowCount - 1, 0);
    ranges[0] = { least: 0, greatest, bits: bitsFor(greatest) };
  }
  const tail = curveTail(curve, bounds);
  const tailBits = tail ? tail.depth * tail.columns.length : 0;
  return { groups, digits, ranges, curve: tail, bits: ranges.reduce((sum, { bits }) => sum + bits, tailBits) };
}
