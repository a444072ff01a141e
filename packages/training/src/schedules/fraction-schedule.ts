import { requireRange } from '@tfjs-sparse/core';

/** Which share of the kept weights is replaced after `step` steps. */
export type FractionSchedule = (step: number) => number;

/** `initial / 2 (1 + cos(pi step / end))`, from `initial` down to 0 at `end` (RigL, section 3). */
export function cosineFraction(initial: number, end: number): FractionSchedule {
  requireRange(initial >= 0 && initial <= 1, 'cosineFraction', 'initial must be in [0, 1]', initial);
  requireRange(end > 0, 'cosineFraction', 'end must be above 0', end);
  return (step) => (initial / 2) * (1 + Math.cos((Math.PI * Math.min(step, end)) / end));
}
