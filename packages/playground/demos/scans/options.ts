import { requireRange } from '@tfjs-sparse/core';
import { wholeNumber } from '../../src/command/whole-number.js';
import type { OptionValues } from '../../src/demo.js';

/** Numbers per point in .bin files; undefined where the file's name says it. */
export function columnsIn({ columns }: OptionValues): number | undefined {
  const text = columns?.at(-1);
  return text === undefined ? undefined : wholeNumber('--columns', text, 3, 16);
}

/** Where the coordinates of files count from, in metres; undefined for 0. */
export function originIn({ origin }: OptionValues): readonly [number, number, number] | undefined {
  const text = origin?.at(-1);
  if (text === undefined) return undefined;
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isFitting = numbers.length === 3 && numbers.every(Number.isFinite);
  requireRange(isFitting, 'start', '--origin must be three numbers X,Y,Z', text || 'nothing');
  return numbers as [number, number, number];
}

/** Seeds of simulated scans. */
export function seedsIn({ scan }: OptionValues): number[] {
  return (scan ?? []).map((seed) => wholeNumber('--scan', seed, 0, 2 ** 31 - 1));
}
