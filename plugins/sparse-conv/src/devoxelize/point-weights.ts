import { CompressedRows, requireRange, type CoordinateMap } from '@tfjs-sparse/core';
import { siteLookup } from '../site-index.js';
import { pointCells, type PointCells, type PointGrid } from './point-cells.js';

export interface PointWeightsOptions extends PointGrid {
  /**
   * `linear` (default): the 2^rank cells around a point, by `product over the axes of 1 - |position - cell|`; the
   * features of a cell are those at its lower corner, as in MinkowskiEngine and torchsparse. `nearest`: the cell that
   * holds the point, as `voxelize` groups points.
   */
  readonly mode?: 'linear' | 'nearest';
  /** Divide by the sum of the weights of the sites that exist (torchsparse); default false (MinkowskiEngine). */
  readonly normalize?: boolean;
}

/** What `devoxelize` reads for each point: sites and weights. Immutable. */
export type PointWeights = CompressedRows;

/**
 * The sites of `map` around points and their weights, for `devoxelize`. Made on the host, once for points that several
 * tensors on `map` are read at. Positions are those of the finest grid: on a coarser map the same options serve.
 *
 * @param points  `[points, rank]` positions as rows or flat
 * @throws RangeError when sizes differ or a position is not finite
 */
export function pointWeights(
  map: CoordinateMap,
  points: Float32Array | readonly (readonly number[])[],
  options: PointWeightsOptions = {},
): PointWeights {
  const { mode = 'linear', normalize = false } = options;
  requireRange(mode === 'linear' || mode === 'nearest', op, "mode must be 'linear' or 'nearest'", mode);
  const cells = pointCells(op, points, map.stride, options);
  const lookup = siteLookup(map);
  const visitCells = mode === 'linear' ? visitCorners : visitCell;
  const starts = new Int32Array(cells.count + 1);
  const sources = new Int32Array(cells.count * 2 ** cells.rank);
  const weights = new Float32Array(sources.length);
  let count = 0;
  for (let point = 0; point < cells.count; point++) {
    let sum = 0;
    // Cells come in the order of sites, so sites ascend.
    visitCells(cells, point, (cell, weight) => {
      const site = lookup(cell);
      if (site < 0) return;
      sources[count] = site;
      weights[count++] = weight;
      sum += weight;
    });
    starts[point + 1] = count;
    if (normalize) for (let entry = starts[point]; entry < count; entry++) weights[entry] /= sum;
  }
  const shape = [cells.count, map.siteCount] as const;
  return CompressedRows.from(shape, starts, sources.slice(0, count), { weights: weights.slice(0, count) });
}

const op = 'pointWeights';

/** @param cell  batch first; the next visit changes it */
type CellVisitor = (cell: Int32Array, weight: number) => void;

/** Visits the cell that holds a point. */
function visitCell({ rank, positions, batchIndices }: PointCells, point: number, visit: CellVisitor): void {
  const cell = new Int32Array(1 + rank);
  cell[0] = batchIndices[point];
  for (let axis = 0; axis < rank; axis++) cell[1 + axis] = Math.floor(positions[point * rank + axis]);
  visit(cell, 1);
}

/** Visits the cells with a weight around a point; those of weight 0 would only bring in NaN that does not matter. */
export function visitCorners({ rank, positions, batchIndices }: PointCells, point: number, visit: CellVisitor): void {
  const cell = new Int32Array(1 + rank);
  cell[0] = batchIndices[point];
  for (let corner = 0; corner < 2 ** rank; corner++) {
    let weight = 1;
    for (let axis = 0; axis < rank; axis++) {
      const position = positions[point * rank + axis];
      const lower = Math.floor(position);
      const isUpper = (corner >> (rank - 1 - axis)) & 1; // the last axis is fastest, as in sites
      weight *= isUpper ? position - lower : 1 - (position - lower);
      cell[1 + axis] = lower + isUpper;
    }
    if (weight > 0) visit(cell, weight);
  }
}
