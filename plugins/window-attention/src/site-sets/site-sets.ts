import { CompressedRows, releaseTable } from '@tfjs-sparse/core';

/** The tables of sets. */
export interface SetTables {
  /** Int32 `[sets + 1]`: the first slot of each set, and the number of all. */
  readonly starts: Int32Array;
  /** Int32 `[slots]`: the site in each slot. */
  readonly sites: Int32Array;
  /** Int32 `[sites]`: the slot whose result is that of each site. */
  readonly places: Int32Array;
  /** Int32 `[slots]`: 1 where the slot is a key, 0 where it only repeats the slot before it; null where all are keys. */
  readonly isKey: Int32Array | null;
}

/**
 * Sites in sets, for attention within each set: the site of every slot asks the keys of its set. Every site has a slot, some
 * have several; what a site gets is the result in its place. No set has sites of two clouds. Immutable: the tables go to a
 * device once, and are freed with the map that the sets were made of.
 */
export class SiteSets implements SetTables {
  readonly siteCount: number;
  /** `[sets, sites]`: the sites of each set, for `reduceRows`; transposed, the slots of each site. */
  readonly rows: CompressedRows;
  readonly places: Int32Array;
  readonly isKey: Int32Array | null;
  /** Slots of the largest set; 0 without sets. */
  readonly largestSize: number;
  readonly haveEqualSizes: boolean;
  #distinct: SiteSets | undefined;

  constructor({ starts, sites, places, isKey }: SetTables) {
    this.siteCount = places.length;
    this.rows = CompressedRows.from([starts.length - 1, places.length], starts, sites);
    this.places = places;
    this.isKey = isKey;
    let [least, greatest] = [Infinity, 0];
    for (let set = 0; set + 1 < starts.length; set++) {
      least = Math.min(least, starts[set + 1] - starts[set]);
      greatest = Math.max(greatest, starts[set + 1] - starts[set]);
    }
    this.largestSize = greatest;
    this.haveEqualSizes = least >= greatest;
  }

  get starts(): Int32Array {
    return this.rows.starts;
  }

  get sites(): Int32Array {
    return this.rows.columns;
  }

  get setCount(): number {
    return this.rows.rowCount;
  }

  get slotCount(): number {
    return this.sites.length;
  }

  /**
   * The sets without the slots that are no keys. These repeat the slot before them, and with it its result, so attention
   * gives every site the same, bit for bit, for less work: the sets are of different sizes and all slots are keys.
   */
  get distinct(): SiteSets {
    if (!this.isKey) return this;
    return (this.#distinct ??= new SiteSets(withoutRepeats(this, this.isKey)));
  }

  /** Frees the device copies of the tables; they stay usable. */
  dispose(): void {
    this.rows.dispose();
    releaseTable(this.places);
    if (this.isKey) releaseTable(this.isKey);
    this.#distinct?.dispose();
  }
}

function withoutRepeats({ starts, sites, places }: SetTables, isKey: Int32Array): SetTables {
  const kept = new Int32Array(sites.length);
  const newSlots = new Int32Array(sites.length); // of a slot that is no key, that of the one before it
  let count = 0;
  for (let slot = 0; slot < sites.length; slot++) {
    if (isKey[slot]) kept[count++] = sites[slot];
    newSlots[slot] = count - 1;
  }
  return {
    starts: starts.map((slot) => (slot < sites.length ? newSlots[slot] : count)), // a set starts with a key
    sites: kept.slice(0, count),
    places: places.map((slot) => newSlots[slot]),
    isKey: null,
  };
}
