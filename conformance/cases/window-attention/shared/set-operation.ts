import * as tf from '@tensorflow/tfjs-core';
import { CoordinateMap, hostValues } from '@tfjs-sparse/core';
import type { SiteSets } from '@tfjs-sparse/window-attention';
import { drawSites, rankOf, type SitePattern } from '../../../oracle/draw-sites.js';
import { sortedSites, type Site } from '../../../oracle/sites.js';
import type { TensorSource } from '../../../oracle/tensor-source.js';
import type { Fields } from '../../../src/fields.js';
import type { CallCase } from '../../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../../src/tensor-operation.js';

/** Sets of sites, whose slots hold whatever names a site. */
export interface ExactSets<T = number> {
  /** The sites of each set, slot by slot. */
  readonly sets: readonly (readonly T[])[];
  /** Whether each slot is a key; default all. */
  readonly isKey?: readonly (readonly boolean[])[];
}

/** A case of a partition: its sites and options. */
export interface PartitionCase {
  readonly sites: SitePattern;
  readonly seed: number;
}

export const exactly = { output: 0, gradient: 0, reason: 'integers' };

/**
 * A partition as an op on dense tensors: int32 `coordinates` `[sites, 1 + rank]` in any order; `starts` `[sets + 1]`, `sites`
 * and `isKey` `[slots]`, `places` `[sites]`, which name the sites by their rows.
 *
 * @param exactSets the sets of sorted sites, by its definition
 */
export function partitionOperation<Attrs extends object>(
  op: string,
  attributes: Fields<Attrs>,
  partition: (map: CoordinateMap, attrs: Attrs) => SiteSets,
  exactSets: (sites: readonly Site[], attrs: Attrs) => ExactSets<Site>,
): TensorOperation<Attrs> {
  return {
    op,
    inputs: { coordinates: 'int32' },
    outputs: { starts: 'int32', sites: 'int32', isKey: 'int32', places: 'int32' },
    attributes,
    forward({ coordinates }, attrs) {
      const [count, columns] = coordinates.shape;
      const values = hostValues(coordinates, op, 'coordinates') as Int32Array;
      const { map, order } = CoordinateMap.fromCoordinates(values, columns - 1);
      const { starts, sites, isKey, places } = partition(map, attrs);
      const placesOfRows = new Int32Array(count);
      places.forEach((slot, site) => (placesOfRows[order ? order[site] : site] = slot));
      const tensor = (table: Int32Array) => tf.tensor(table.slice(), [table.length], 'int32');
      return {
        starts: tensor(starts),
        sites: tensor(order ? sites.map((site) => order[site]) : sites),
        isKey: tensor(isKey ?? sites.map(() => 1)),
        places: tensor(placesOfRows),
      };
    },
    define({ coordinates: { shape, values } }, attrs) {
      const [count, columns] = shape;
      const rows = Array.from({ length: count }, (_, row) => values.slice(row * columns, (row + 1) * columns));
      const rowOf = new Map(rows.map((row, index) => [row.join(), index]));
      const { sets, isKey } = exactSets(sortedSites(rows), attrs);
      const named = { sets: sets.map((set) => set.map((site) => rowOf.get(site.join())!)), isKey };
      return tablesOf(named, count);
    },
  };
}

/** The outputs of the op; a site's place is the first of its slots. */
export function tablesOf({ sets, isKey }: ExactSets, siteCount: number): Record<string, ExactTensor> {
  const slots = sets.flat();
  const starts = [0];
  for (const set of sets) starts.push(starts[starts.length - 1] + set.length);
  const keys = isKey ? isKey.flat().map(Number) : slots.map(() => 1);
  const places = Array.from({ length: siteCount }, (_, site) => slots.indexOf(site));
  const vector = (values: number[]): ExactTensor => ({ shape: [values.length], values });
  return { starts: vector(starts), sites: vector(slots), isKey: vector(keys), places: vector(places) };
}

export function partitionSource<Attrs extends object>(
  { sites: pattern, seed }: PartitionCase,
  attrs: Attrs,
): Omit<TensorSource<Attrs>, 'id'> {
  const sites = drawSites(pattern, seed);
  const shape = [sites.length, 1 + rankOf(pattern)];
  const coordinates = { shape, values: sites.flat(), dtype: 'int32' } as const;
  return { tolerance: exactly, inputs: { coordinates }, attrs, seed };
}

/** Sites by the numbers that `keyOf` makes of them, equal ones as they were. */
export function sortedByKey(sites: readonly Site[], keyOf: (site: Site) => readonly (number | bigint)[]): Site[] {
  const keyed = sites.map((site) => ({ site, key: keyOf(site) }));
  keyed.sort((a, b) => {
    const digit = a.key.findIndex((value, i) => value !== b.key[i]);
    return digit < 0 ? 0 : a.key[digit] < b.key[digit] ? -1 : 1;
  });
  return keyed.map(({ site }) => site);
}

/** Neighbours with the same name together. */
export function runsOf(sites: readonly Site[], nameOf: (site: Site) => string): Site[][] {
  const runs = new Map<string, Site[]>();
  for (const site of sites) {
    const run = runs.get(nameOf(site));
    if (run) run.push(site);
    else runs.set(nameOf(site), [site]);
  }
  return [...runs.values()];
}

/** Each cloud's sites in sets of `size`, the last filled up from the set before; a small cloud is one set. */
export function cutClouds(ordered: readonly Site[], size: number): Site[][] {
  return runsOf(ordered, ([cloud]) => String(cloud)).flatMap((cloud) => {
    const sets: Site[][] = [];
    cloud.forEach((site, i) => (i % size === 0 ? sets.push([site]) : sets[sets.length - 1].push(site)));
    const last = sets[sets.length - 1];
    const before = sets[sets.length - 2];
    if (before) last.push(...before.slice(last.length));
    return sets;
  });
}

/** A refusal of two sites in three axes. */
export function refusal(
  op: string,
  name: string,
  partition: (map: CoordinateMap) => SiteSets,
  error: string,
): CallCase {
  const call = () => partition(CoordinateMap.fromCoordinates([0, 1, 2, 3, 0, 1, 2, 4], 3).map);
  return { id: `${op}/${name}`, call, error: `RangeError: ${error}` };
}
