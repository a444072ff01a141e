import type { Tensor2D } from '@tensorflow/tfjs-core';
import { CoordinateMap, type CoordinateMapOptions } from './coordinates/coordinate-map.js';
import { requireRange, requireType } from './errors.js';
import { CompressedRows } from './rows/compressed-rows.js';
import { gatherRows } from './rows/op.js';

/** Features on active sites: row `i` of `features` belongs to row `i` of `map.coordinates`. */
export class SparseTensor {
  /**
   * @param features `[sites, channels]`, float32, in the order of `map`
   * @param map      the active sites
   */
  constructor(
    readonly features: Tensor2D,
    readonly map: CoordinateMap,
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

  /** The same sites with other features. */
  withFeatures(features: Tensor2D): SparseTensor {
    return new SparseTensor(features, this.map);
  }

  /** Frees the features, and the device copies of the map and of everything cached on it. */
  dispose(): void {
    this.features.dispose();
    this.map.dispose();
  }
}

export interface SparseTensorOptions extends CoordinateMapOptions {
  /** Spatial dimensions; needed with flat or empty coordinates. */
  readonly rank?: number;
}

/**
 * A SparseTensor from coordinates in any order: sites are sorted (batch first, then the axes), features with them.
 * Gradients flow to `features`.
 *
 * @param features    `[sites, channels]`, float32
 * @param coordinates `[sites, 1 + rank]` integers as rows or flat, batch index first, rank 1 to 4; no duplicates
 *   (`voxelize` merges those). A CoordinateMap is taken as it is, features in its order.
 * @throws RangeError for duplicate, non-integer or out-of-range coordinates
 */
export function sparseTensor(
  features: Tensor2D,
  coordinates: readonly (readonly number[])[] | Int32Array | CoordinateMap,
  options: SparseTensorOptions = {},
): SparseTensor {
  if (coordinates instanceof CoordinateMap) return new SparseTensor(features, coordinates);
  const { map, order } = CoordinateMap.fromCoordinates(coordinates, options.rank ?? rankOf(coordinates), options);
  requireRange(
    features.rank === 2 && features.shape[0] === map.siteCount,
    'sparseTensor',
    `features must have shape [${map.siteCount}, channels] (one row per coordinate)`,
    features.shape,
  );
  requireRange(features.dtype === 'float32', 'sparseTensor', 'features must be float32', features.dtype);
  return new SparseTensor(order ? gatherRows(features, CompressedRows.fromIndex(order, map.siteCount)) : features, map);
}

function rankOf(coordinates: readonly (readonly number[])[] | Int32Array): number {
  const row = coordinates[0];
  requireType(Array.isArray(row), 'sparseTensor', 'options.rank must be given with flat or no coordinates', row);
  return row.length - 1;
}
