import { plainSettings, type Pattern, type Settings } from './settings.js';

const known: readonly (readonly [name: string, parts: Partial<Settings>])[] = [
  ['sliding window', { left: 64, right: 64 }],
  ['causal window and sinks', { left: 127, sinks: 4, causal: true }],
  ['window and stripes', { left: 48, right: 48, sinks: 4, stripes: 8 }],
  ['dilated window', { left: 256, right: 256, dilation: 8 }],
  ['causal window and stride', { left: 31, stride: 32, causal: true }],
  ['window, sinks and blocks', { left: 96, right: 96, sinks: 64, blocks: 10 }],
];

/** Patterns of published models; sets differ in the seed of their blocks. */
export function samplePatterns(set: number): Pattern[] {
  return known.map(([name, parts]) => ({
    name: set === 0 ? name : `${name} (${set + 1})`,
    settings: { ...plainSettings, ...parts, seed: set + 1 },
  }));
}
