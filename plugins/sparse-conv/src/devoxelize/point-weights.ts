import { CompressedRows, findCells, requireRange, type CoordinateMap, type Points } from '@tfjs-sparse/core';
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
 * @param points  `[points, rank]` positions as rows, or flat in an array or typed array
 * @throws RangeError when sizes differ or a position is not finite
 */
export function pointWeights(map: CoordinateMap, points: Points, options: PointWeightsOptions = {}): PointWeights {
  const { mode = 'linear', normalize = false } = options;
  requireRange(mode === 'linear' || mode === 'nearest', op, "mode must be 'linear' or 'nearest'", mode);
  const cells = pointCells(op, points, map.stride, options);
  const around = mode === 'linear' ? cornerCells(cells) : holdingCells(cells);
  return presentEntries(around, findCells(map, around.rows), map.siteCount, normalize);
}

const op = 'pointWeights';

/** Cells around points, and their weights. */
export interface WeightedCells {
  /** Int32 `[points + 1]`: the first cell of each point. */
  readonly starts: Int32Array;
  /** Int32 `[cells, 1 + rank]`, batch first, those of a point in the order of sites. */
  readonly rows: Int32Array;
  /** Float64 `[cells]` */
  readonly weights: Float64Array;
}

/** The cells with a weight around each point; those of weight 0 would only bring in NaN that does not matter. */
export function cornerCells({ count: pointCount, rank, positions, batchIndices }: PointCells): WeightedCells {
  const columns = 1 + rank;
  const starts = new Int32Array(pointCount + 1);
  const rows = new Int32Array(pointCount * 2 ** rank * columns);
  const weights = new Float64Array(pointCount * 2 ** rank);
  let count = 0;
  for (let point = 0; point < pointCount; point++) {
    for (let corner = 0; corner < 2 ** rank; corner++) {
      let weight = 1;
      rows[count * columns] = batchIndices[point];
      for (let axis = 0; axis < rank; axis++) {
        const position = positions[point * rank + axis];
        const lower = Math.floor(position);
        const isUpper = (corner >> (rank - 1 - axis)) & 1; // the last axis is fastest, as in sites
        weight *= isUpper ? position - lower : 1 - (position - lower);
        rows[count * columns + 1 + axis] = lower + isUpper;
      }
      if (weight > 0) weights[count++] = weight; // else the next corner overwrites this one
    }
    starts[point + 1] = count;
  }
  return { starts, rows: rows.subarray(0, count * columns), weights: weights.subarray(0, count) };
}

/** The cell that holds each point. */
function holdingCells({ count, rank, positions, batchIndices }: PointCells): WeightedCells {
  const rows = new Int32Array(count * (1 + rank));
  for (let i = 0; i < rows.length; i++) {
    const [point, column] = [Math.floor(i / (1 + rank)), i % (1 + rank)];
    rows[i] = column === 0 ? batchIndices[point] : Math.floor(positions[point * rank + column - 1]);
  }
  return {
    starts: Int32Array.from({ length: count + 1 }, (_, i) => i),
    rows,
    weights: new Float64Array(count).fill(1),
  };
}

/** The cells that are sites. */
function presentEntries(
  cells: WeightedCells,
  sites: Int32Array,
  siteCount: number,
  normalize: boolean,
): CompressedRows {
  const starts = new Int32Array(cells.starts.length);
  const columns = new Int32Array(sites.length);
  const weights = new Float32Array(sites.length);
  let count = 0;
  for (let point = 0; point + 1 < starts.length; point++) {
    let sum = 0;
    for (let cell = cells.starts[point]; cell < cells.starts[point + 1]; cell++) {
      if (sites[cell] < 0) continue;
      columns[count] = sites[cell];
      weights[count++] = cells.weights[cell];
      sum += cells.weights[cell];
    }
    starts[point + 1] = count;
    if (normalize) for (let entry = starts[point]; entry < count; entry++) weights[entry] /= sum;
  }
  const shape = [starts.length - 1, siteCount] as const;
  return CompressedRows.from(shape, starts, columns.slice(0, count), { weights: weights.slice(0, count) });
}
