import { requireRange, type CoordinateMap } from '@tfjs-sparse/core';
import { dsvtSets, type DsvtSetsOptions } from '../dsvt-sets/op.js';
import { flatFormerGroups, type FlatFormerGroupsOptions } from '../flat-former-groups/op.js';
import { serializedPatches, type SerializedPatchesOptions } from '../serialized-patches/op.js';
import type { SiteSets } from '../site-sets/site-sets.js';
import type { WindowOptions } from '../window-options.js';
import { windows } from '../windows/op.js';

interface OptionsOf {
  readonly windows: WindowOptions;
  readonly dsvtSets: DsvtSetsOptions;
  readonly flatFormerGroups: FlatFormerGroupsOptions;
  readonly serializedPatches: SerializedPatchesOptions;
}

/** Which sites attend to each other, as a saved layer holds it: the name of a partition and its options. */
export type Partition = {
  readonly [Kind in keyof OptionsOf]: { readonly kind: Kind } & OptionsOf[Kind];
}[keyof OptionsOf];

const partitions: { readonly [Kind in keyof OptionsOf]: (map: CoordinateMap, options: OptionsOf[Kind]) => SiteSets } = {
  windows,
  dsvtSets,
  flatFormerGroups,
  serializedPatches,
};

/** @throws RangeError for a partition of another kind */
export function requirePartition(op: string, { kind }: Partition): void {
  const names = Object.keys(partitions);
  requireRange(names.includes(kind), op, `kind of partition must be one of ${names.join(', ')}`, kind);
}

/** The sets of a partition, made once per map; throws what the partition throws. */
export function setsOf(map: CoordinateMap, { kind, ...options }: Partition): SiteSets {
  return (partitions[kind] as (map: CoordinateMap, options: object) => SiteSets)(map, options);
}
