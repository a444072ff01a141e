import type { CoordinateMap } from '@tfjs-sparse/core';

/** Finds the site at `cell` (batch first), or -1. */
export type SiteLookup = (cell: ArrayLike<number>) => number;

/** Lookups by map; one goes when its map goes. */
const lookups = new WeakMap<CoordinateMap, SiteLookup>();

/** A lookup of single cells by a hash table with linear probing; made once per map. */
export function siteLookup(map: CoordinateMap): SiteLookup {
  let lookup = lookups.get(map);
  if (!lookup) lookups.set(map, (lookup = makeLookup(map)));
  return lookup;
}

/** Holds the arrays of the map, not the map itself, which may then be collected. */
function makeLookup({ coordinates, siteCount, rank }: CoordinateMap): SiteLookup {
  const columns = 1 + rank;
  const slotMask = 2 ** Math.ceil(Math.log2(2 * siteCount + 1)) - 1; // at most half of the slots are taken
  const slots = new Int32Array(slotMask + 1).fill(-1);
  for (let site = 0; site < siteCount; site++) {
    let slot = hash(coordinates, site * columns, columns) & slotMask;
    while (slots[slot] >= 0) slot = (slot + 1) & slotMask;
    slots[slot] = site;
  }
  return (cell) => {
    let slot = hash(cell, 0, columns) & slotMask;
    for (; slots[slot] >= 0; slot = (slot + 1) & slotMask) {
      const row = slots[slot] * columns;
      let column = 0;
      while (column < columns && coordinates[row + column] === cell[column]) column++;
      if (column === columns) return slots[slot];
    }
    return -1;
  };
}

function hash(values: ArrayLike<number>, first: number, columns: number): number {
  let mixed = 0;
  for (let column = first; column < first + columns; column++) {
    mixed = Math.imul(mixed ^ values[column], 0x9e3779b1); // 2^32 over the golden ratio
    mixed ^= mixed >>> 15;
  }
  return mixed;
}
