import type { Item } from '../../src/demo.js';

/** A pattern of attention as the controls, files and the command line say it: the union of its parts. */
export interface Settings {
  readonly tokens: number;
  readonly heads: number;
  /** Keys before and after a query in its window. */
  readonly left: number;
  readonly right: number;
  /** Of the window every so-manieth key. */
  readonly dilation: number;
  /** The first keys, for all queries. */
  readonly sinks: number;
  /** Keys that all queries see, evenly spread. */
  readonly stripes: number;
  /** All keys at multiples of this distance; 0 for none. */
  readonly stride: number;
  /** Percent of the blocks of `blockSize` queries and keys that are drawn by `seed`. */
  readonly blocks: number;
  readonly seed: number;
  /** Cuts the keys after each query. */
  readonly causal: boolean;
  /** `[row, column]` of blocks that are on where they would be off, or the other way round. */
  readonly turned: readonly BlockPlace[];
}

export type BlockPlace = readonly [row: number, column: number];

/** A pattern to be measured. */
export interface Pattern extends Item {
  readonly settings: Settings;
}

export type NumberKey = Exclude<keyof Settings, 'causal' | 'turned'>;

export interface NumberField {
  readonly key: NumberKey;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** Queries and keys of a block. */
export const blockSize = 64;
/** Numbers of a query, a key and a value of each head. */
export const channels = 64;
const mostTokens = 4096;

export const numberFields: readonly NumberField[] = [
  { key: 'tokens', label: 'Tokens', least: 256, most: mostTokens, step: blockSize },
  { key: 'heads', label: 'Heads', least: 1, most: 8, step: 1 },
  { key: 'left', label: 'Window, keys before', least: 0, most: mostTokens - 1, step: 1 },
  { key: 'right', label: 'Window, keys after', least: 0, most: mostTokens - 1, step: 1 },
  { key: 'dilation', label: 'Window, dilation', least: 1, most: 64, step: 1 },
  { key: 'sinks', label: 'Sinks, first keys', least: 0, most: 256, step: 1 },
  { key: 'stripes', label: 'Vertical stripes', least: 0, most: 64, step: 1 },
  { key: 'stride', label: 'Stride, 0 for none', least: 0, most: 512, step: 1 },
  { key: 'blocks', label: 'Blocks of 64, in %', least: 0, most: 100, step: 1 },
  { key: 'seed', label: 'Seed of the blocks', least: 0, most: 9999, step: 1 },
];

/** Every query sees itself. */
export const plainSettings: Settings = {
  tokens: 1024,
  heads: 2,
  left: 0,
  right: 0,
  dilation: 1,
  sinks: 0,
  stripes: 0,
  stride: 0,
  blocks: 0,
  seed: 1,
  causal: false,
  turned: [],
};

export function isAllowed({ least, most, step }: NumberField, value: unknown): value is number {
  return Number.isInteger(value) && least <= Number(value) && Number(value) <= most && Number(value) % step === 0;
}

/** What values a field has, such as `0 to 64`. */
export function rangeText({ least, most, step }: NumberField): string {
  const steps = step > 1 ? `, a multiple of ${step}` : '';
  return `${least.toLocaleString('en')} to ${most.toLocaleString('en')}${steps}`;
}

/** How many blocks there are in a row and in a column. */
export function blocksAcross({ tokens }: Settings): number {
  return Math.ceil(tokens / blockSize);
}
