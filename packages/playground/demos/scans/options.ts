import { wholeNumber } from '../../src/command/whole-number.js';
import type { OptionValues } from '../../src/demo.js';

/** Seeds of simulated scans. */
export function seedsIn({ scan }: OptionValues): number[] {
  return (scan ?? []).map((seed) => wholeNumber('--scan', seed, 0, 2 ** 31 - 1));
}
