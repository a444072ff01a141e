import { reshape, tidy, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import {
  CoordinateMap,
  gatherRows,
  gridRows,
  reduceRows,
  requireRange,
  requireReadable,
  requireType,
  SparseTensor,
} from '@tfjs-sparse/core';
import { cellCount, frameOf } from './frame.js';

export interface DenseOptions {
  /** Cells per axis; default the map's, else from `origin` to the greatest coordinate of each axis. */
  readonly spatialShape?: readonly number[];
  /** Coordinates of the first cell; default 0 with a spatial shape, else the least coordinate of each axis. */
  readonly origin?: readonly number[];
}

const maximumBytes = 2 ** 31; // 2 GiB: half of what wasm can address, so that the result of one more op fits

/**
 * Writes features into a grid, zeros at inactive cells. Gradients flow to the features. Without sites and without a
 * spatial shape the grid is one cell. (spconv's SparseConvTensor.dense, with channels last as in tfjs.)
 *
 * @param x  features `[sites, channels]`
 * @returns  `[clouds, ...spatialShape, channels]`
 * @throws RangeError when a site lies outside of the grid or the grid would exceed 2 GiB
 */
export function toDense(x: SparseTensor, options: DenseOptions = {}): Tensor {
  const frame = frameOf('toDense', x.map, options);
  const shape = [x.map.batchSize, ...frame.spatialShape, x.channels];
  requireDenseSize('toDense', shape);
  const rows = gridRows('toDense', x.map, frame);
  return tidy(() => reshape(gatherRows(x.features, rows), shape));
}

/** Refuses float32 tensors beyond 2 GiB. */
export function requireDenseSize(op: string, shape: readonly number[]): void {
  const bytes = shape.reduce((product, size) => product * size, Float32Array.BYTES_PER_ELEMENT);
  const rule = `a dense tensor [${shape.join(', ')}] must have at most ${maximumBytes} bytes`;
  requireRange(bytes <= maximumBytes, op, rule, bytes);
}

/**
 * Takes the features of the sites of `map` out of a grid. Gradients flow to `dense`, zeros to inactive cells.
 *
 * @param dense           `[clouds, ...spatial, channels]`, float32
 * @param options.origin  coordinates of the first cell; default 0
 * @returns               features `[sites, channels]` over `map`
 * @throws RangeError when the shape does not fit the map or a site lies outside of the grid
 */
export function fromDense(dense: Tensor, map: CoordinateMap, options: Pick<DenseOptions, 'origin'> = {}): SparseTensor {
  requireType(dense.dtype === 'float32', 'fromDense', 'dense must be float32', dense.dtype);
  requireReadable('fromDense', 'dense', dense);
  requireRange(
    dense.rank === map.rank + 2 && dense.shape[0] === map.batchSize,
    'fromDense',
    `dense must have ${map.batchSize} clouds, ${map.rank} spatial axes and channels (as the map)`,
    dense.shape,
  );
  const channels = dense.shape[dense.rank - 1];
  const frame = frameOf('fromDense', map, { origin: options.origin, spatialShape: dense.shape.slice(1, -1) });
  const rows = gridRows('fromDense', map, frame);
  const features = tidy(() => {
    const cells = reshape<Rank.R2>(dense, [cellCount(map, frame), channels]);
    return reduceRows(cells, rows.transposed, 'sum');
  });
  return new SparseTensor(features, map);
}

/**
 * The sites of a grid where a channel is not zero (NaN is not zero). Reads `dense`, so no gradient flows.
 *
 * @param dense  `[clouds, ...spatial, channels]`, float32, 1 to 4 spatial axes
 * @returns      features `[sites, channels]`; the map has the grid's spatial shape
 */
export async function fromDenseNonzero(dense: Tensor): Promise<SparseTensor> {
  const rule = 'dense must have clouds, 1 to 4 spatial axes and channels';
  requireRange(dense.rank >= 3 && dense.rank <= 6, 'fromDenseNonzero', rule, dense.shape);
  requireType(dense.dtype === 'float32', 'fromDenseNonzero', 'dense must be float32', dense.dtype);
  const values = await dense.data<'float32'>();
  const [batchSize, ...spatialShape] = dense.shape.slice(0, -1);
  const channels = dense.shape[dense.rank - 1];
  const coordinates: number[] = [];
  for (let cell = 0; cell * channels < values.length; cell++) {
    const isActive = values.subarray(cell * channels, (cell + 1) * channels).some((value) => value !== 0);
    if (isActive) coordinates.push(...rowOf(cell, spatialShape));
  }
  const rank = spatialShape.length;
  const { map } = CoordinateMap.fromCoordinates(coordinates, rank, { batchSize, spatialShape });
  return fromDense(dense, map);
}

/** Cloud and position of a cell of the row-major grid. */
function rowOf(cell: number, spatialShape: readonly number[]): number[] {
  const position = spatialShape.map(() => 0);
  for (let axis = spatialShape.length - 1; axis >= 0; axis--) {
    position[axis] = cell % spatialShape[axis];
    cell = Math.floor(cell / spatialShape[axis]);
  }
  return [cell, ...position];
}
