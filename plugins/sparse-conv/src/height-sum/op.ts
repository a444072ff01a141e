import { CoordinateMap, derivedKey, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { reduceAxis } from '../reduce-axis/op.js';
import { sparseAdd } from '../union/op.js';

const finerMaps = derivedKey<CoordinateMap>();

/**
 * The sum of several levels over the height, on the grid of the first: a cell of a coarser level counts at the first of the
 * cells that it spans. (VoxelNeXt, Chen et al. 2023, section 3.1: additional down-sampling and sparse height compression.)
 *
 * @param levels one or more with features `[sites, channels]`, the finest first; the height is the first axis
 * @returns      features `[sites, channels]` with one axis less
 * @throws RangeError where strides are no multiples of the first's, or ranks or channels differ
 */
export function heightSum(...levels: readonly SparseTensor[]): SparseTensor {
  requireRange(levels.length > 0, op, 'there must be at least one level', levels.length);
  const [finest, ...coarser] = levels.map((level) => reduceAxis(level, 0, 'sum'));
  return sparseAdd(
    finest,
    ...coarser.map((level) => new SparseTensor(level.features, onGridOf(finest.map, level.map))),
  );
}

const op = 'heightSum';

/** The sites of `map` in the coordinates of a finer grid. */
function onGridOf(grid: CoordinateMap, map: CoordinateMap): CoordinateMap {
  requireRange(map.rank === grid.rank, op, `levels must have rank ${1 + grid.rank} (as the first)`, 1 + map.rank);
  const factors = map.stride.map((cells, axis) => cells / grid.stride[axis]);
  const rule = `levels must have multiples of the first's strides, here [${grid.stride.join(', ')}]`;
  requireRange(factors.every(Number.isInteger), op, rule, map.stride);
  return map.derived(finerMaps.of(factors.join()), (own) => {
    const { rank, batchSize } = map;
    const width = 1 + rank;
    const rows = map.coordinates.map((value, i) => (i % width === 0 ? value : value * factors[(i % width) - 1]));
    const spatialShape = grid.spatialShape ?? undefined;
    return own(CoordinateMap.fromCoordinates(rows, rank, { batchSize, stride: grid.stride, spatialShape }).map);
  });
}
