import type { HostTensor } from '@tfjs-sparse/core';
import { patternPlace, sortedRanges } from '../attention-masks/attention-mask.js';
import type { BlockSparseAttention } from './attributes.js';
import { sequenceSizes } from './sequence-sizes.js';

/** One query in one head, the keys that it sees and their scores. */
interface QueryScores {
  /** Rows of q and y, and of k and v. */
  readonly row: number;
  readonly keyRows: readonly number[];
  readonly scores: readonly number[];
}

/** Visits queries in the order of their rows. */
export function forEachQuery(
  operands: Readonly<Record<'q' | 'k' | 'v', HostTensor>>,
  { mask, scale }: BlockSparseAttention['attrs'],
  visit: (query: QueryScores) => void,
): void {
  const { q, k } = operands;
  const { batches, heads, keyHeads, queries, keys, channels } = sequenceSizes(operands);
  for (let row = 0; row < batches * heads * queries; row++) {
    const query = row % queries;
    const head = Math.floor(row / queries) % heads;
    const batch = Math.floor(row / queries / heads);
    const keyHead = batch * keyHeads + Math.floor((head * keyHeads) / heads);
    const place = { query, position: query + keys - queries, queries, keys, ...patternPlace(mask, batch, head, heads) };
    const keyRows: number[] = [];
    for (const [first, end] of sortedRanges(mask.visibleKeys(place), keys)) {
      for (let key = first; key < end; key++) keyRows.push(keyHead * keys + key);
    }
    const scores = keyRows.map((keyRow) => scale * dot(q, row, k, keyRow, channels));
    visit({ row, keyRows, scores });
  }
}

/** The product of two rows. */
export function dot(a: HostTensor, rowOfA: number, b: HostTensor, rowOfB: number, channels: number): number {
  let sum = 0;
  for (let i = 0; i < channels; i++) sum += a.values[rowOfA * channels + i] * b.values[rowOfB * channels + i];
  return sum;
}
