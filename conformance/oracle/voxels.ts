import { sortedSites, type Site } from './sites.js';

/**
 * The site of each point: floor((p - origin) / voxelSize) per axis, in float32 as torchsparse and spconv compute it on
 * float tensors: each of the two operations rounds.
 */
export function cellOf(point: readonly number[], origin: readonly number[], voxelSize: readonly number[]): number[] {
  return point.map((p, axis) => {
    const distance = Math.fround(Math.fround(p) - Math.fround(origin[axis]));
    return Math.floor(Math.fround(distance / Math.fround(voxelSize[axis])));
  });
}

/** Sorted sites of the cells (batch first), and for each cell the row of its site. */
export function groupCells(cells: readonly Site[]): { sites: Site[]; rowOf: number[] } {
  const sites = sortedSites(cells);
  const keys = sites.map((site) => site.join());
  return { sites, rowOf: cells.map((cell) => keys.indexOf(cell.join())) };
}
