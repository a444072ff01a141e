import { labels, type Label } from '@tfjs-sparse/shapes-flatformer';
import { wholeNumber } from '../../src/command/whole-number.js';
import type { OptionValues } from '../../src/demo.js';

/** Class and seed of a shape to be drawn. */
export interface ShapeSeed {
  readonly label: Label;
  readonly seed: number;
}

/** Names of the classes as they are typed: small letters, a hyphen for a blank, no accents. */
export const typedLabels = labels.map(typed);

/** @throws RangeError that names the option */
export function shapesIn({ shape = [] }: OptionValues): ShapeSeed[] {
  return shape.map((text) => {
    const [, name, seed] = /^([^:]*):?(.*)$/.exec(text)!;
    const label = labels[typedLabels.indexOf(typed(name))] as Label | undefined;
    if (!label)
      throw new RangeError(`start: --shape must begin with ${typedLabels.join(', ')}, got ${text || 'nothing'}`);
    return { label, seed: wholeNumber(`--shape ${text}: its seed`, seed, 0, 2 ** 31 - 1) };
  });
}

function typed(label: string): string {
  return label.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '-');
}
