import { requireRange } from '../errors.js';
import { derivedKey } from '../op/derived-values.js';
import { CompressedRows } from '../rows/compressed-rows.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena } from '../wasm/host-memory.js';
import { checkedAxes, integersPerAxis, windowShifts, windowSizes } from './axis-options.js';
import { coordinateLimit } from './coordinate-limits.js';
import { CoordinateMap } from './coordinate-map.js';
import { sortableIndexBits } from './group-keys.js';
import { groupingOfKeys, groupPlainly, noRows, type RowGrouping } from './group-rows.js';
import { bitsFor, maximumKeyBits, roomyKeySpace, type Bounds, type KeySpace } from './key-space.js';
import { writePlannedKeys } from './planned-keys.js';
import { digitRows } from './reference-keys.js';
import { cloudDigit, digitRange, type Digit } from './site-digits.js';
import type { Sites } from './sites.js';

/** What the sites of a group share, beside their cloud. */
export interface GroupKey {
  /** The axes that count, one or more, in the order of the axes of the groups; default all. */
  readonly axes?: readonly number[];
  /** Cells of a window on each of `axes`; default 1: a cell is its own window. */
  readonly size?: readonly number[];
  /** Added to the coordinates on each of `axes` before they are divided into windows; default 0. */
  readonly shift?: readonly number[];
}

/** Sites by group. */
export interface SiteGroups {
  /** The groups as sites, at the window `floor((coordinate + shift) / size)` on each axis. */
  readonly map: CoordinateMap;
  /** The sites of each group, ascending, for `reduceRows`; transposed, the group of each site, for `gatherRows`. */
  readonly rows: CompressedRows;
}

const groupings = derivedKey<SiteGroups>();

/**
 * The sites of `map` by what they share: `{axes: [1, 2]}` drops the first of three axes, `{size: [9, 9], shift: [4, 4]}`
 * makes windows. Groups ascend by cloud, then by `axes` in their order. Made once per key and freed with the map, the map
 * of the groups included. (Sites by any other function of them: `CoordinateMap.fromRows` of its values.)
 *
 * @throws RangeError when a key does not fit the rank, or moves windows out of the range of coordinates
 */
export function groupBy(map: CoordinateMap, key: GroupKey): SiteGroups {
  const op = 'groupBy';
  const axes = checkedAxes(op, key.axes, map.rank);
  const size = integersPerAxis(op, 'size', key.size, axes.length, windowSizes);
  const shift = integersPerAxis(op, 'shift', key.shift, axes.length, windowShifts);
  return map.derived(groupings.of([axes, size, shift].join('|')), (own) => {
    const windows = axes.map((axis, i): Digit => ({ ...cloudDigit, column: 1 + axis, shift: shift[i], size: size[i] }));
    const { sites, inverse, pointStarts, pointOrder } = group(map.sites, [cloudDigit, ...windows]);
    const groups = new CoordinateMap(sites, {
      rank: axes.length,
      batchSize: map.batchSize,
      stride: axes.map((axis, i) => map.stride[axis] * size[i]),
      spatialShape: windowShape(map.spatialShape, axes, size, shift),
    });
    const bySite = CompressedRows.fromIndex(inverse, groups.siteCount, { starts: pointStarts, order: pointOrder });
    return { map: own(groups), rows: own(bySite.transposed) };
  });
}

/** Windows per axis of a grid; null where there is none, or where windows lie before 0. */
function windowShape(
  spatialShape: readonly number[] | null,
  axes: readonly number[],
  size: readonly number[],
  shift: readonly number[],
): readonly number[] | null {
  if (!spatialShape || shift.some((cells) => cells < 0)) return null;
  return axes.map((axis, i) => Math.floor((spatialShape[axis] - 1 + shift[i]) / size[i]) + 1);
}

function group(sites: Sites, digits: readonly Digit[]): RowGrouping {
  const ranges = digits.map((digit) => digitRange(digit, sites.bounds));
  const bounds = { minimum: ranges.map(({ least }) => least), maximum: ranges.map(({ greatest }) => greatest) };
  if (sites.count === 0) return noRows(digits.length - 1);
  requireRange(
    ranges.every(({ least, greatest }) => least >= -coordinateLimit && greatest < coordinateLimit),
    'groupBy',
    `windows must lie in [${-coordinateLimit}, ${coordinateLimit})`,
    bounds.minimum.map((least, column) => `${least}..${bounds.maximum[column]}`),
  );
  const space = roomyKeySpace(bounds);
  if (!hasSimd() || space.bits > maximumKeyBits) return groupPlainly(digitRows(sites, digits), bounds);
  return groupByKeys(sites, digits, bounds, space);
}

/** The digits fill the fields of `space`, so that keys are those of the groups as sites. */
function groupByKeys(sites: Sites, digits: readonly Digit[], bounds: Bounds, space: KeySpace): RowGrouping {
  return withHostArena((arena) => {
    const { count } = sites;
    const ranges = space.masks.map((mask, column) => {
      const [least, greatest] = [space.bounds.minimum[column], space.bounds.maximum[column]];
      return { least, greatest, bits: bitsFor(mask) };
    });
    const indexBits = sortableIndexBits(space.bits, count);
    const plan = { groups: undefined, digits, ranges, curve: null, bits: space.bits };
    const keys = writePlannedKeys(arena, sites, plan, indexBits);
    return groupingOfKeys(arena, keys, count, bounds, space, indexBits);
  });
}
