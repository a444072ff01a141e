import { requireRange } from '@tfjs-sparse/core';
import { wholeNumber } from '../command/whole-number.js';
import type { DemoOption, OptionValues } from '../demo.js';
import type { ReadCloudOptions } from './files/read-cloud.js';

/** How files of clouds are to be read, as options of the command line. */
export const cloudOptions = {
  columns: {
    placeholder: 'N',
    help: 'numbers per point in .bin files of clouds, 3 to 16 (default: what their columns look like)',
  },
  origin: {
    placeholder: 'X,Y,Z',
    help: 'metres that coordinates of clouds count from, where they are far from 0 (default: 0,0,0)',
  },
} as const satisfies Readonly<Record<string, DemoOption>>;

/** @throws RangeError that names the option */
export function readCloudOptions({ columns, origin }: OptionValues): ReadCloudOptions {
  return { columns: columnsIn(columns?.at(-1)), origin: originIn(origin?.at(-1)) };
}

/** Undefined where the file's columns say it. */
function columnsIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber('--columns', text, 3, 16);
}

/** Undefined for 0. */
function originIn(text: string | undefined): ReadCloudOptions['origin'] {
  if (text === undefined) return undefined;
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isFitting = numbers.length === 3 && numbers.every(Number.isFinite);
  requireRange(isFitting, 'start', '--origin must be three numbers X,Y,Z', text || 'nothing');
  return numbers as [number, number, number];
}
