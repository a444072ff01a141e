import { derivedKey, workgroupThreads, type CompressedRows } from '@tfjs-sparse/core';
import type { AnySetAttention } from './attributes.js';

/** Tables of webgpu kernels in one: a binding is scarce. */
export interface GpuLists {
  readonly table: Int32Array;
  /** Parts of at most 64 queries of a set: `[first query, queries, first key, keys]`, from 0 on. */
  readonly queryTiles: number;
  /** Parts of at most 64 keys of a set: `[first key, keys, first query, queries]`. */
  readonly keyTiles: number;
  /** Where the parts of keys begin, the sets (as parts of any number of queries), the queries, the keys, the coordinates. */
  readonly keyTilesAt: number;
  readonly setsAt: number;
  readonly queriesAt: number;
  readonly keysAt: number;
  readonly coordinatesAt: number;
}

const withoutCoordinates = derivedKey<GpuLists>();
const withCoordinates = derivedKey<GpuLists>();

export function gpuLists({ lists, positions }: AnySetAttention['attrs']): GpuLists {
  const { queries, keys } = lists;
  const coordinates = positions?.coordinates;
  const key = coordinates ? withCoordinates.with(coordinates) : withoutCoordinates;
  return keys.derived(key, (own) => {
    const ofQueries = tiles(queries, keys, workgroupThreads);
    const ofKeys = tiles(keys, queries, workgroupThreads);
    const sets = tiles(queries, keys, Infinity);
    const parts = [ofQueries, ofKeys, sets, queries.columns, keys.columns, coordinates ?? new Int32Array()];
    const places = [0];
    for (const { length } of parts) places.push(places[places.length - 1] + length);
    const table = own(new Int32Array(places[parts.length]));
    parts.forEach((part, i) => table.set(part, places[i]));
    return {
      table,
      queryTiles: ofQueries.length / 4,
      keyTiles: ofKeys.length / 4,
      keyTilesAt: places[1],
      setsAt: places[2],
      queriesAt: places[3],
      keysAt: places[4],
      coordinatesAt: places[5],
    };
  });
}

/** Parts of at most `most` entries of a row; without a limit one of each row. */
function tiles(rows: CompressedRows, others: CompressedRows, most: number): Int32Array {
  const all: number[] = [];
  for (let set = 0; set < rows.rowCount; set++) {
    const [start, end] = [rows.starts[set], rows.starts[set + 1]];
    const ofOthers = [others.starts[set], others.starts[set + 1] - others.starts[set]];
    if (most === Infinity) all.push(start, end - start, ...ofOthers);
    else for (let first = start; first < end; first += most) all.push(first, Math.min(most, end - first), ...ofOthers);
  }
  return Int32Array.from(all);
}
