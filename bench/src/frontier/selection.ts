import type { Tensor4D } from '@tensorflow/tfjs';
import {
  blockSparseAttention,
  selectedBlockAttention,
  type AttentionMask,
  type KeyRange,
} from '@tfjs-sparse/window-attention';

/** Keys chosen for queries, and the attention to them. */
export interface Selection {
  attend(q: Tensor4D, k: Tensor4D, v: Tensor4D): Tensor4D;
  /** Ranges of keys that a query sees, of those up to its own. */
  visibleKeys(): Promise<(head: number, query: number) => readonly KeyRange[]>;
  dispose(): void;
}

/** By a mask whose queries are the last ones. */
export function masked(mask: AttentionMask, queries: number, keys: number): Selection {
  return {
    attend: (q, k, v) => blockSparseAttention(q, k, v, mask),
    async visibleKeys() {
      return (head, query) => {
        const position = query + keys - queries;
        const place = { query, position, queries, keys, batch: 0, head: mask.heads === 1 ? 0 : head };
        return within(mask.visibleKeys(place), position + 1);
      };
    },
    dispose: () => mask.dispose(),
  };
}

/** By blocks as a tensor `[1, heads, rows, width]`. */
export function ofBlocks(
  blocks: Tensor4D,
  size: { readonly queries: number; readonly keys: number },
  queries: number,
  keys: number,
): Selection {
  return {
    attend: (q, k, v) => selectedBlockAttention(q, k, v, blocks, { blockSize: size, causal: true }),
    async visibleKeys() {
      const [, , rows, width] = blocks.shape;
      const values = await blocks.data();
      return (head, query) => {
        const first = (head * rows + Math.floor(query / size.queries)) * width;
        const listed = Array.from(values.slice(first, first + width)).filter((block) => block >= 0);
        const ranges = listed.map((block): KeyRange => [block * size.keys, (block + 1) * size.keys]);
        return within(ranges, query + keys - queries + 1);
      };
    },
    dispose: () => blocks.dispose(),
  };
}

/** Ascending, without overlaps, below `end`. */
function within(ranges: readonly KeyRange[], end: number): KeyRange[] {
  const sorted = ranges.map(([first, last]): [number, number] => [Math.max(first, 0), Math.min(last, end)]);
  const kept = sorted.filter(([first, last]) => first < last).sort((a, b) => a[0] - b[0]);
  let seen = 0;
  return kept.flatMap(([first, last]): KeyRange[] => {
    const start = Math.max(first, seen);
    seen = Math.max(seen, last);
    return start < last ? [[start, last]] : [];
  });
}
