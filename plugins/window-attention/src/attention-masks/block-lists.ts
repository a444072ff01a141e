import { requireRange } from '@tfjs-sparse/core';
import { AttentionMask, type KeyRange } from './attention-mask.js';

/** The blocks of keys that a block of queries sees, by number; in any order. */
type BlockList = readonly number[];

export interface BlockListsOptions {
  /** Queries and keys of a block; the last ones may have fewer. */
  readonly blockSize: number | { readonly queries: number; readonly keys: number };
  /** A list for each block of queries; of each head, and of each batch, where these have lists of their own. */
  readonly lists:
    readonly BlockList[] | readonly (readonly BlockList[])[] | readonly (readonly (readonly BlockList[])[])[];
}

/** Blocks of keys for each block of queries (the block-sparse row form of BigBird and FlexAttention's BlockMask). */
export function blockLists({ blockSize, lists }: BlockListsOptions): AttentionMask {
  const size = typeof blockSize === 'number' ? { queries: blockSize, keys: blockSize } : blockSize;
  for (const each of [size.queries, size.keys]) {
    requireRange(Number.isInteger(each) && each >= 1, op, 'blockSize must be an integer of at least 1', each);
  }
  const nested = ofBatches(lists);
  const [batches, heads, blocks] = [nested.length, nested[0]?.length ?? 0, nested[0]?.[0]?.length ?? 0];
  for (const batch of nested) {
    requireRange(batch.length === heads && heads > 0, op, `lists must be of ${heads} heads each`, batch.length);
    for (const head of batch) requireRange(head.length === blocks, op, `lists must be ${blocks} a head`, head.length);
  }
  const all = nested.flat(3);
  const wrong = all.find((block) => !Number.isInteger(block) || block < 0);
  requireRange(wrong === undefined, op, 'lists must name blocks by integers of at least 0', wrong);
  const last = all.reduce((most, block) => Math.max(most, block), -1);
  const rangeOf = (block: number): KeyRange => [block * size.keys, (block + 1) * size.keys];
  const ranges = nested.map((batch) => batch.map((head) => head.map((list) => list.map(rangeOf))));
  return new AttentionMask(({ query, batch, head }) => ranges[batch][head][Math.floor(query / size.queries)], {
    batches,
    heads,
    requireSizes(caller, queries, keys) {
      const needed = Math.ceil(queries / size.queries);
      const rule = `the lists of mask must be ${needed} (blocks of ${size.queries} queries)`;
      requireRange(blocks === needed, caller, rule, blocks);
      const count = Math.ceil(keys / size.keys);
      requireRange(last < count, caller, `blocks of mask must be below ${count} (blocks of ${size.keys} keys)`, last);
    },
  });
}

const op = 'blockLists';

type Nested = readonly (readonly (readonly BlockList[])[])[];

function ofBatches(lists: BlockListsOptions['lists']): Nested {
  if (depthOf(lists) < 3) return [[lists as readonly BlockList[]]];
  if (depthOf(lists) === 3) return [lists as readonly (readonly BlockList[])[]];
  return lists as Nested;
}

function depthOf(lists: unknown): number {
  return Array.isArray(lists) ? 1 + depthOf(lists[0]) : 0;
}
