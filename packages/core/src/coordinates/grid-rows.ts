import { requireRange } from '../errors.js';
import { derivedKey } from '../op/derived-values.js';
import { CompressedRows } from '../rows/compressed-rows.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena } from '../wasm/host-memory.js';
import type { CoordinateMap } from './coordinate-map.js';
import { copyRows } from './copy-rows.js';
import { indexKernels } from './index-kernels.js';
import { ascending, type Sites } from './sites.js';

/** A grid of cells. */
export interface GridBox {
  /** Coordinates of its first cell. */
  readonly origin: readonly number[];
  /** Cells per axis. */
  readonly spatialShape: readonly number[];
}

const rowsOfGrids = derivedKey<CompressedRows>();

/**
 * The site in each cell of the grids of all clouds, row-major. Made once per grid.
 *
 * @param fastest  the axis along which neighbouring cells lie; default the last
 * @throws RangeError in the name of `op` when a site lies outside
 */
export function gridRows(op: string, map: CoordinateMap, grid: GridBox, fastest = map.rank - 1): CompressedRows {
  const { origin, spatialShape } = grid;
  const axes = [...origin.keys()].filter((axis) => axis !== fastest).concat(fastest);
  return map.derived(rowsOfGrids.of([axes, origin, spatialShape].join('|')), (own) => {
    requireInside(op, map, grid);
    const cells = hasSimd() ? cellsOfSites(map.sites, grid, axes) : plainCells(map.sites, grid, axes);
    const index = new Int32Array(spatialShape.reduce((count, size) => count * size, map.batchSize)).fill(-1);
    cells.forEach((cell, site) => (index[cell] = site));
    const bySite = { starts: ascending(map.siteCount + 1), order: cells };
    return own(CompressedRows.fromIndex(index, map.siteCount, bySite));
  });
}

function requireInside(op: string, { coordinates, siteCount, bounds, rank }: CoordinateMap, grid: GridBox): void {
  const { origin, spatialShape } = grid;
  const isOutside = (row: ArrayLike<number>): boolean =>
    origin.some((first, axis) => row[1 + axis] < first || row[1 + axis] >= first + spatialShape[axis]);
  if (siteCount === 0 || !(isOutside(bounds.minimum) || isOutside(bounds.maximum))) return;
  const rowOf = (site: number): Int32Array => coordinates.subarray(site * (1 + rank), (site + 1) * (1 + rank));
  let site = 0;
  while (!isOutside(rowOf(site))) site++;
  const rule = `sites must lie inside [${spatialShape.join(', ')}] cells from [${origin.join(', ')}]`;
  requireRange(false, op, rule, rowOf(site).subarray(1));
}

/** Int32 `[sites]`: the cell of each site. */
function cellsOfSites({ count, coordinates, bounds }: Sites, grid: GridBox, axes: readonly number[]): Int32Array {
  return withHostArena((arena) => {
    const rows = copyRows(arena, coordinates);
    const records = arena.alloc(axes.length * 12);
    const ofAxes = axes.flatMap((axis) => [1 + axis, grid.origin[axis], grid.spatialShape[axis]]);
    arena.int32(records, ofAxes.length).set(ofAxes);
    const cells = arena.alloc(count * 4);
    indexKernels().cellsOfSites(rows, bounds.minimum.length * 4, count, records, axes.length, cells);
    return arena.int32(cells, count).slice();
  });
}

function plainCells(
  { count, coordinates, bounds }: Sites,
  { origin, spatialShape }: GridBox,
  axes: readonly number[],
): Int32Array {
  const columns = bounds.minimum.length;
  return Int32Array.from({ length: count }, (_, site) => {
    const cellOf = (cell: number, axis: number): number =>
      cell * spatialShape[axis] + coordinates[site * columns + 1 + axis] - origin[axis];
    return axes.reduce(cellOf, coordinates[site * columns]);
  });
}
