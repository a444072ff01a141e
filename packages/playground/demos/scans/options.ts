import { wholeNumber } from '../../src/command/whole-number.js';
import type { OptionValues } from '../../src/demo.js';

/** Numbers per point in .bin files; undefined where the file's name says it. */
export function columnsIn({ columns }: OptionValues): number | undefined {
  const text = columns?.at(-1);
  return text === undefined ? undefined : wholeNumber('--columns', text, 3, 16);
}

/** Seeds of simulated scans. */
export function seedsIn({ scan }: OptionValues): number[] {
  return (scan ?? []).map((seed) => wholeNumber('--scan', seed, 0, 2 ** 31 - 1));
}
