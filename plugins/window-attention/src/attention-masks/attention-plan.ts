import { derivedKey } from '@tfjs-sparse/core';
import { sortedRanges, type AttentionMask, type KeyRange } from './attention-mask.js';
import { PanelBits } from './panel-bits.js';

/**
 * What kernels read of a mask: for each panel of `width` queries, of each pattern, segments of keys in fours. Fours that
 * all queries of the panel see are in segments without bits, others have a bit for each of their keys and queries.
 */
export interface AttentionPlan {
  /** Of each pattern; the patterns are those of the batches, head by head. */
  readonly panels: number;
  /** All segments lie in these keys; `firstKey` is a multiple of 4. */
  readonly firstKey: number;
  readonly endKey: number;
  /** int32 `[patterns * panels + 1]`: the first segment of each panel, and the number of all */
  readonly starts: Int32Array;
  /** int32 `[segments, 3]`: first four, number of fours, first word of its bits or -1 */
  readonly segments: Int32Array;
  /** int32 `[.., width / 8]` words of a four: bit `key * width + query` of them */
  readonly bits: Int32Array;
}

const plans = derivedKey<AttentionPlan>();

/** @param width queries of a panel, a multiple of 8 */
export function attentionPlan(mask: AttentionMask, queries: number, keys: number, width: number): AttentionPlan {
  return mask.derived(plans.of([queries, keys, width].join()), (own) => {
    const panels = Math.ceil(queries / width);
    const lists = new SegmentLists(width, keys);
    for (let batch = 0; batch < mask.batches; batch++) {
      for (let head = 0; head < mask.heads; head++) {
        for (let first = 0; first < queries; first += width) {
          const count = Math.min(width, queries - first);
          const visible = Array.from({ length: count }, (_, i) => {
            const [query, position] = [first + i, first + i + keys - queries];
            return mask.visibleKeys({ query, position, queries, keys, batch, head });
          });
          const isShared = visible.every((ranges) => ranges === visible[0]); // then a panel takes as long as a query
          const different = isShared ? visible.slice(0, 1) : visible;
          if (!isShared && areShort(different)) lists.addBitPanel(different);
          else lists.addPanel(different.map((ranges) => sortedRanges(ranges, keys)), count); // prettier-ignore
        }
      }
    }
    const { starts, segments, bits } = lists;
    let [firstKey, endKey] = [keys, 0];
    for (let i = 0; i < segments.length; i += 3) {
      firstKey = Math.min(firstKey, 4 * segments[i]);
      endKey = Math.max(endKey, Math.min(4 * (segments[i] + segments[i + 1]), keys));
    }
    return {
      panels,
      firstKey: Math.min(firstKey, endKey),
      endKey,
      starts: own(Int32Array.from(starts)),
      segments: own(Int32Array.from(segments)),
      bits: own(Int32Array.from(bits)),
    };
  });
}

/**
 * Whether bits of single keys are quicker than sorted ends of ranges: seven times for 64 columns and 128 diagonals of 8 heads
 * of 4,096 queries, 0.3 s instead of 2.2. The work of bits grows with the keys, that of ends with the ranges.
 */
function areShort(ranges: readonly (readonly KeyRange[])[]): boolean {
  let [count, keys] = [0, 0];
  for (const ofQuery of ranges) {
    for (const [first, end] of ofQuery) keys += end - first;
    count += ofQuery.length;
  }
  return keys < shortRange * count;
}

const shortRange = 16; // keys on average

class SegmentLists {
  readonly starts: number[] = [0];
  readonly segments: number[] = [];
  readonly bits: number[] = [];
  readonly #width: number;
  readonly #panelBits: PanelBits;

  constructor(width: number, keys: number) {
    this.#width = width;
    this.#panelBits = new PanelBits(width, keys);
  }

  /** @param ranges of each query */
  addBitPanel(ranges: readonly (readonly KeyRange[])[]): void {
    this.#panelBits.set(ranges);
    for (const { four, isFull, words } of this.#panelBits.take(ranges.length)) {
      if (isFull) this.#addFull(four, 1);
      else {
        const at = this.#partialWord(four);
        words.forEach((word, i) => (this.bits[at + i] = word));
      }
    }
    this.starts.push(this.segments.length / 3);
  }

  /** @param ranges of each of `queries` queries, or once of all of them; ascending and disjoint */
  addPanel(ranges: readonly (readonly KeyRange[])[], queries: number): void {
    const edges = ranges.flatMap((ofQuery, query) => ofQuery.flatMap((range) => range.map((key) => ({ key, query }))));
    edges.sort((a, b) => a.key - b.key);
    const sees = new Array<boolean>(queries).fill(false);
    let count = 0;
    edges.forEach(({ key, query }, i) => {
      const isSeen = !sees[query];
      if (ranges.length === 1) sees.fill(isSeen);
      else sees[query] = isSeen;
      count += isSeen ? 1 : -1;
      const end = edges[i + 1]?.key ?? key;
      if (count > 0 && end > key) this.#addKeys(key, end, sees, count === ranges.length);
    });
    this.starts.push(this.segments.length / 3);
  }

  #addKeys(first: number, end: number, sees: readonly boolean[], isSeenByAll: boolean): void {
    const [firstFour, endFour] = [Math.ceil(first / 4), Math.floor(end / 4)];
    if (!isSeenByAll || firstFour >= endFour) {
      for (let key = first; key < end; key++) this.#addBits(key, sees);
      return;
    }
    for (let key = first; key < firstFour * 4; key++) this.#addBits(key, sees);
    this.#addFull(firstFour, endFour - firstFour);
    for (let key = endFour * 4; key < end; key++) this.#addBits(key, sees);
  }

  #addFull(firstFour: number, fours: number): void {
    const last = this.segments.length - 3;
    if (this.#isWithinPanel(last) && this.segments[last + 2] < 0 && this.#endOf(last) === firstFour) {
      this.segments[last + 1] += fours;
    } else this.segments.push(firstFour, fours, -1);
  }

  #addBits(key: number, sees: readonly boolean[]): void {
    const at = this.#partialWord(Math.floor(key / 4));
    sees.forEach((isSeen, query) => {
      const bit = (key % 4) * this.#width + query;
      if (isSeen) this.bits[at + (bit >> 5)] |= 1 << (bit & 31);
    });
  }

  /** The first word of a four that not all see everything of, in a segment of such. */
  #partialWord(four: number): number {
    const words = this.#width / 8;
    const last = this.segments.length - 3;
    const isPartial = this.#isWithinPanel(last) && this.segments[last + 2] >= 0;
    if (isPartial && this.#endOf(last) === four) this.segments[last + 1]++;
    else if (!isPartial || this.#endOf(last) !== four + 1) this.segments.push(four, 1, this.bits.length);
    const place = this.segments.length - 3;
    const at = this.segments[place + 2] + (four - this.segments[place]) * words;
    while (this.bits.length < at + words) this.bits.push(0);
    return at;
  }

  #isWithinPanel(segment: number): boolean {
    return segment >= 3 * this.starts[this.starts.length - 1];
  }

  #endOf(segment: number): number {
    return this.segments[segment] + this.segments[segment + 1];
  }
}
