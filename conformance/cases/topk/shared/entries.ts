import { uniformFrom } from '../../../oracle/random.js';
import { drawTensor, type SourceTensor } from '../../../oracle/tensor-source.js';
import type { ExactTensor } from '../../../src/tensor-operation.js';

/** Entries of k-sparse rows, `[..., k]`, or of `rows` flattened rows, `[entries]`. */
export interface EntriesCase {
  readonly shape: readonly number[];
  readonly features: number;
  /** Of entries in one list: how many rows they belong to. */
  readonly rows?: number;
  /** Indices that the draw is to have; default random, distinct in a row. */
  readonly given?: readonly number[];
  /** Share of entries that are none. */
  readonly absent?: number;
}

export function drawIndices({ shape, features, rows, given, absent = 0 }: EntriesCase, seed: number): SourceTensor {
  const next = uniformFrom(seed);
  const count = shape.reduce((product, size) => product * size, 1);
  if (given) return { shape, values: given, dtype: 'int32' };
  if (rows !== undefined)
    return { shape, values: distinct(count, rows * features, next).sort((a, b) => a - b), dtype: 'int32' };
  const k = shape[shape.length - 1];
  const values = Array.from({ length: k === 0 ? 0 : count / k }, () =>
    distinct(k, features, next).map((index) => (next() < absent ? -1 : index)),
  ).flat();
  return { shape, values, dtype: 'int32' };
}

function distinct(count: number, below: number, next: () => number): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(Math.floor(next() * below));
  return [...drawn];
}

/** Row and feature of each entry; null for one that is none. */
export function placesOf(
  indices: ExactTensor,
  features: number,
  isFlat: boolean,
): (readonly [number, number] | null)[] {
  const k = indices.shape[indices.shape.length - 1];
  return indices.values.map((index, entry) => {
    if (index < 0) return null;
    return isFlat ? [Math.floor(index / features), index % features] : [Math.floor(entry / k), index];
  });
}

export const drawEntries = (entries: EntriesCase, seed: number) => ({
  values: drawTensor(entries.shape, seed),
  indices: drawIndices(entries, seed + 1),
});
