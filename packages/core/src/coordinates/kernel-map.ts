import { derivedKey, DerivedValues, type DerivedKey, type Own } from '../op/derived-values.js';
import { releaseTable } from '../op/tables.js';
import type { PairLists, PairSegment } from './pair-lists.js';
import { fillPairStarts } from './pair-starts.js';
import { fillTileTable } from './tile-table.js';

const neighbourTables = derivedKey<Int32Array>();
const tileTables = derivedKey<Int32Array>();
const swappedTables = derivedKey<Int32Array>();
const pairStartTables = derivedKey<Int32Array>();

/** Which input site every offset of a convolution adds to which output site. Immutable. */
export class KernelMap {
  readonly inSites: number;
  readonly outSites: number;
  readonly offsetCount: number;
  /** Pairs of all offsets, those of the identity offset included. */
  readonly pairCount: number;
  /** Int32 `[stored pairs]`, all offsets one after the other; an offset and its opposite may share a segment. */
  readonly left: Int32Array;
  /** Int32 `[stored pairs]`. */
  readonly right: Int32Array;
  /** One per offset: input = left and output = right, or the other way round when swapped; both columns strictly ascend. */
  readonly segments: readonly PairSegment[];
  /** Offset whose pairs are (i, i) for all sites; they are not stored. -1 when there is none. */
  readonly identityOffset: number;
  #transposed: KernelMap | undefined;
  readonly #derived = new DerivedValues();

  constructor(inSites: number, outSites: number, { left, right, segments }: PairLists, identityOffset: number) {
    this.inSites = inSites;
    this.outSites = outSites;
    this.offsetCount = segments.length;
    this.left = left;
    this.right = right;
    this.segments = segments;
    this.identityOffset = identityOffset;
    const identityPairs = identityOffset < 0 ? 0 : outSites;
    this.pairCount = segments.reduce((sum, { count }) => sum + count, identityPairs);
  }

  /** The same pairs with inputs and outputs swapped, offset by offset; shares the lists. */
  transposed(): KernelMap {
    if (!this.#transposed) {
      const segments = this.segments.map((segment) => ({ ...segment, swapped: !segment.swapped }));
      const lists = { left: this.left, right: this.right, segments };
      this.#transposed = new KernelMap(this.outSites, this.inSites, lists, this.identityOffset);
      this.#transposed.#transposed = this;
    }
    return this.#transposed;
  }

  /** Int32 `[outSites, offsets]`: input site of each output site and offset, or -1. Made on first use. */
  neighbourTable(): Int32Array {
    return this.derived(neighbourTables, (own) => own(this.#fillNeighbourTable()));
  }

  #fillNeighbourTable(): Int32Array {
    const { offsetCount, identityOffset } = this;
    const table = new Int32Array(this.outSites * offsetCount).fill(-1);
    this.segments.forEach((segment, k) => {
      const [inputs, outputs] = this.#columns(segment);
      for (let pair = 0; pair < inputs.length; pair++) table[outputs[pair] * offsetCount + k] = inputs[pair];
    });
    if (identityOffset >= 0) {
      for (let site = 0; site < this.outSites; site++) table[site * offsetCount + identityOffset] = site;
    }
    return table;
  }

  /** Input and output sites of the stored pairs of one segment. */
  #columns({ start, count, swapped }: PairSegment): [inputs: Int32Array, outputs: Int32Array] {
    const left = this.left.subarray(start, start + count);
    const right = this.right.subarray(start, start + count);
    return swapped ? [right, left] : [left, right];
  }

  /**
   * Int32 `[tiles, offsets, 2]`: (start, count) of the stored pairs of each offset whose output site lies in the tile,
   * `start` counted from the beginning of `left` and `right`; (0, 0) for an offset without stored pairs. Made on first
   * use.
   */
  tileTable(): Int32Array {
    return this.derived(tileTables, (own) => own(fillTileTable(this)));
  }

  /** Int32 `[offsets]`: 1 where the columns of an offset's segment are swapped. Made on first use. */
  swappedTable(): Int32Array {
    return this.derived(swappedTables, (own) => own(Int32Array.from(this.segments, ({ swapped }) => Number(swapped))));
  }

  /**
   * Int32 `[offsets, blocks + 2]`: 1 where the columns of the offset's segment are swapped, else 0; then the first stored
   * pair of each block of `pairBlockSites` output sites, counted as in `tileTable`; then the end. Made on first use.
   */
  pairStarts(): Int32Array {
    return this.derived(pairStartTables, (own) => own(fillPairStarts(this)));
  }

  /** What `make` derives from this map, made once per key; what it owns is freed with the map. */
  derived<T>(key: DerivedKey<T>, make: (own: Own) => T): T {
    return this.#derived.get(key, make);
  }

  /** Frees the device copies of the map, of its transposed map and of everything derived from either. */
  dispose(): void {
    releaseTable(this.left);
    releaseTable(this.right);
    this.#derived.dispose();
    if (this.#transposed) this.#transposed.#derived.dispose();
  }
}
