import { gather, reshape, tensor1d, Tensor, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { CoordinateMap, type CoordinateMapOptions } from './coordinates/coordinate-map.js';
import { requireRange, requireType } from './errors.js';
import { hostValues, requireReadable } from './op/host-values.js';
import { CompressedRows } from './rows/compressed-rows.js';
import { gatherRows } from './rows/op.js';

/**
 * Features on active sites: row `i` of `features` belongs to row `i` of `map.coordinates`. It owns its features: those
 * given to the constructor or to `withFeatures` are freed by `dispose`; `sparseTensor` makes its own.
 */
export class SparseTensor {
  /**
   * @param features `[sites, channels]`, float32, in the order of `map`
   * @param map      the active sites
   * @param order    int32 `[sites]`: the row that each site had where `sparseTensor` was given them in another order,
   *   else null; for `inGivenOrder` and `inSiteOrder`
   */
  constructor(
    readonly features: Tensor2D,
    readonly map: CoordinateMap,
    readonly order: Int32Array | null = null,
  ) {
    requireRange(
      features.rank === 2 && features.shape[0] === map.siteCount,
      'SparseTensor',
      `features must have shape [${map.siteCount}, channels] (one row per site)`,
      features.shape,
    );
    requireRange(features.dtype === 'float32', 'SparseTensor', 'features must be float32', features.dtype);
  }

  get channels(): number {
    return this.features.shape[1];
  }

  /** The same sites with other features, which it owns. */
  withFeatures(features: Tensor2D): SparseTensor {
    return new SparseTensor(features, this.map, this.order);
  }

  /** Frees the features, and the device copies of the map and of everything cached on it. */
  dispose(): void {
    this.features.dispose();
    this.map.dispose();
  }
}

const op = 'sparseTensor';

export interface SparseTensorOptions extends CoordinateMapOptions {
  /** Spatial dimensions; needed with flat or empty coordinates. */
  readonly rank?: number;
}

/**
 * A SparseTensor from coordinates in any order: sites are sorted (batch first, then the axes), features with them, and
 * `order` says how. The given features stay the caller's. Gradients flow to them.
 *
 * @param features    `[sites, channels]`, float32
 * @param coordinates `[sites, 1 + rank]` integers as rows, flat in an array or typed array, or as an int32 tensor that can
 *   be read at once; batch index first, rank 1 to 4; no duplicates (`voxelize` merges those). A CoordinateMap is taken as
 *   it is, features in its order.
 * @throws RangeError for duplicate, non-integer or out-of-range coordinates
 */
export function sparseTensor(
  features: Tensor2D,
  coordinates: Coordinates | Tensor2D | CoordinateMap,
  options: SparseTensorOptions = {},
): SparseTensor {
  const { map, order } = sitesOf(coordinates, options);
  requireRange(
    features.rank === 2 && features.shape[0] === map.siteCount,
    op,
    `features must have shape [${map.siteCount}, channels] (one row per coordinate)`,
    features.shape,
  );
  requireRange(features.dtype === 'float32', op, 'features must be float32', features.dtype);
  requireReadable(op, 'features', features);
  return new SparseTensor(tidy(() => takeRows(features, order)) as Tensor2D, map, order);
}

/** Rows `[sites, ...]` of any dtype in the order of the sites of `x`, from the order in which `sparseTensor` was given them. */
export function inSiteOrder<T extends Tensor>(x: SparseTensor, rows: T): T {
  requireRows('inSiteOrder', x, rows);
  return tidy(() => takeRows(rows, x.order));
}

/**
 * Rows `[sites, ...]` of any dtype, such as a network's output on the sites of `x`, in the order in which `sparseTensor` was
 * given the sites. Gradients flow to them.
 */
export function inGivenOrder<T extends Tensor>(x: SparseTensor, rows: T): T {
  requireRows('inGivenOrder', x, rows);
  return tidy(() => takeRows(rows, x.order && inverseOf(x.order)));
}

function requireRows(op: string, { map: { siteCount } }: SparseTensor, { shape }: Tensor): void {
  requireRange(shape[0] === siteCount, op, `rows must have shape [${siteCount}, ...] (one row per site)`, shape);
}

/** A new tensor of the rows in an order, null for the same; it shares its values with the same. */
function takeRows<T extends Tensor>(rows: T, order: Int32Array | null): T {
  if (!order) return reshape(rows, rows.shape) as T;
  if (rows.dtype !== 'float32') return gather(rows, tensor1d(order, 'int32')) as T;
  const matrix = reshape(rows, [order.length, rows.size / Math.max(order.length, 1)]) as Tensor2D;
  return reshape(gatherRows(matrix, CompressedRows.fromIndex(order, order.length)), rows.shape) as T;
}

function inverseOf(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length);
  order.forEach((row, site) => (inverse[row] = site));
  return inverse;
}

type Coordinates = readonly (readonly number[])[] | ArrayLike<number>;

function sitesOf(
  coordinates: Coordinates | Tensor2D | CoordinateMap,
  options: SparseTensorOptions,
): { map: CoordinateMap; order: Int32Array | null } {
  if (coordinates instanceof CoordinateMap) return { map: coordinates, order: null };
  if (coordinates instanceof Tensor) {
    const { dtype, shape } = coordinates;
    requireType(
      dtype === 'int32' && shape.length === 2,
      op,
      'a tensor of coordinates must be int32 [sites, 1 + rank]',
      `${dtype} [${shape.join(', ')}]`,
    );
    return CoordinateMap.fromCoordinates(hostValues(coordinates, op, 'coordinates'), shape[1] - 1, options);
  }
  return CoordinateMap.fromCoordinates(coordinates, options.rank ?? rankOf(coordinates), options);
}

function rankOf(coordinates: Coordinates): number {
  const row = coordinates[0];
  requireType(Array.isArray(row), op, 'options.rank must be given with flat or no coordinates', row);
  return row.length - 1;
}
