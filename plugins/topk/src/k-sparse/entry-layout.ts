import type { HostTensor } from '@tfjs-sparse/core';

/** Which row an entry belongs to. */
export interface EntryLayout {
  readonly rows: number;
  /** Rows that the dictionary has: places that an entry can have in its row. */
  readonly features: number;
  /** Entries of every row; null: the indices are those of the flattened rows, ascending. */
  readonly k: number | null;
}

/** `[entry, row, feature]` of all entries but those of index -1, in order. */
export function* entriesOf(
  { values }: HostTensor<'int32'>,
  { features, k }: EntryLayout,
): Generator<readonly [entry: number, row: number, feature: number]> {
  for (let entry = 0; entry < values.length; entry++) {
    const index = values[entry];
    if (index < 0) continue;
    if (k === null) yield [entry, Math.floor(index / features), index % features];
    else yield [entry, Math.floor(entry / k), index];
  }
}
