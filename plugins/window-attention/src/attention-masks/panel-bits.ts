import type { KeyRange } from './attention-mask.js';

/** Which of four keys the queries of a panel see. */
export interface SeenFour {
  readonly four: number;
  /** All queries see all of the four keys. */
  readonly isFull: boolean;
  /** `[width / 8]` words, bit `key * width + query` of them; good until the next four. */
  readonly words: Int32Array;
}

/** The keys that the queries of a panel see as a bit each: quick to make of many short ranges. */
export class PanelBits {
  readonly #width: number;
  readonly #keys: number;
  readonly #bits: Int32Array;

  /** @param width queries of a panel, a multiple of 8 */
  constructor(width: number, keys: number) {
    this.#width = width;
    this.#keys = keys;
    this.#bits = new Int32Array((Math.ceil(keys / 4) * width) / 8);
  }

  /** @param ranges of each query */
  set(ranges: readonly (readonly KeyRange[])[]): void {
    ranges.forEach((ofQuery, query) => {
      for (const [first, end] of ofQuery) {
        for (let key = Math.max(first, 0); key < Math.min(end, this.#keys); key++) {
          const bit = key * this.#width + query;
          this.#bits[bit >> 5] |= 1 << (bit & 31);
        }
      }
    });
  }

  /** The fours of which any query sees a key, in order; then none is seen. */
  *take(queries: number): Generator<SeenFour> {
    const count = this.#width / 8;
    const all = fullWords(this.#width, queries);
    for (let at = 0; at < this.#bits.length; at += count) {
      if (!this.#isAny(at, count)) continue;
      const words = this.#bits.subarray(at, at + count);
      yield { four: at / count, isFull: words.every((word, i) => word === all[i]), words };
      words.fill(0);
    }
  }

  #isAny(at: number, count: number): boolean {
    for (let i = at; i < at + count; i++) if (this.#bits[i] !== 0) return true;
    return false;
  }
}

/** The words of a four that so many queries see. */
function fullWords(width: number, queries: number): Int32Array {
  const words = new Int32Array(width / 8);
  for (let bit = 0; bit < 4 * width; bit++) if (bit % width < queries) words[bit >> 5] |= 1 << (bit & 31);
  return words;
}
