import { tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { derivedKey, DerivedValues, type DerivedKey, type Own } from '../op/derived-values.js';
import { releaseTable } from '../op/tables.js';
import { batchStarts } from './batch-starts.js';
import { requireInside, requireOptions, type CoordinateMapOptions } from './coordinate-limits.js';
import { integerRows, isStrictlyAscending, requireUnique, requireWholeRows } from './coordinate-rows.js';
import { coverSites } from './cover-sites.js';
import { generateSites } from './generate-sites.js';
import { groupPoints } from './group-points.js';
import { boundsOf, groupRows, noRows, type RowGrouping } from './group-rows.js';
import {
  cacheKey,
  checkedGeometry,
  hasDisjointWindows,
  keepsSites,
  sitesGeometry,
  sitesKey,
  type KernelGeometry,
} from './kernel-geometry.js';
import { KernelMap } from './kernel-map.js';
import { zeroOffset } from './kernel-offsets.js';
import { noBounds, type Bounds } from './key-space.js';
import { matchNeighbours, matchSites } from './match-sites.js';
import { rememberMap } from './map-tensors.js';
import { outputGrid } from './output-grid.js';
import { checkedPoints, type PointOptions } from './point-options.js';
import { requireRange } from '../errors.js';
import { int32Array } from '../host-arrays.js';
import { sitesOfRows, type Sites } from './sites.js';

export { coordinateMapOf } from './map-tensors.js';
export type { CoordinateMapOptions, PointOptions };

/** Sites of points or rows that may share a site. */
export interface PointGrouping extends Omit<RowGrouping, 'sites'> {
  readonly map: CoordinateMap;
}

/** What a map is made of beside its sites. */
export interface Grid {
  readonly rank: number;
  readonly batchSize: number;
  readonly stride: readonly number[];
  readonly spatialShape: readonly number[] | null;
}

const kernelMaps = derivedKey<KernelMap>();
const outputMaps = derivedKey<CoordinateMap>();

/**
 * An immutable, sorted set of active sites, on the host. It owns what is derived from it: kernel maps and the maps of their
 * output sites are made once per geometry and freed with it.
 */
export class CoordinateMap {
  readonly siteCount: number;
  readonly rank: number;
  readonly batchSize: number;
  /** Cells of the finest grid that one cell spans, per axis. */
  readonly stride: readonly number[];
  readonly spatialShape: readonly number[] | null;
  /** Int32 `[batchSize + 1]`: first site of each cloud. */
  readonly batchStarts: Int32Array;
  /** The sites as the index work of this folder takes them. */
  readonly sites: Sites;
  #coordinates: Int32Array | undefined;
  readonly #derived = new DerivedValues();

  /** For the index work of this folder; others have `fromCoordinates`, `fromRows` and `fromPoints`. */
  constructor(sites: Sites, { rank, batchSize, stride, spatialShape }: Grid) {
    this.sites = sites;
    this.siteCount = sites.count;
    this.rank = rank;
    this.batchSize = batchSize;
    this.stride = stride;
    this.spatialShape = spatialShape;
    this.batchStarts = batchStarts(sites, batchSize);
  }

  /** Least and greatest value of every column (batch index first); zeros without sites. */
  get bounds(): Bounds {
    return this.sites.bounds;
  }

  /** Int32 `[sites, 1 + rank]`: batch index and coordinates, lexicographically ascending. Made on first read. */
  get coordinates(): Int32Array {
    return (this.#coordinates ??= this.sites.coordinates);
  }

  /**
   * Sites in any order.
   *
   * @param coordinates `[sites, 1 + rank]` integers, batch index first, as rows or flat
   * @returns the map, and int32 `[sites]` the row of each site (null when the rows were sorted)
   * @throws RangeError for duplicate, non-integer or out-of-range coordinates
   */
  static fromCoordinates(
    coordinates: ArrayLike<number> | readonly (readonly number[])[],
    rank: number,
    options: CoordinateMapOptions = {},
  ): { map: CoordinateMap; order: Int32Array | null } {
    requireOptions(rank, options);
    const rows = integerRows(coordinates, rank);
    const bounds = checkedBounds(rows, rank, options);
    const grid = gridOf(rank, bounds, options);
    if (isStrictlyAscending(rows, 1 + rank)) {
      return { map: new CoordinateMap(sitesOfRows(rows, bounds), grid), order: null };
    }
    const grouping = groupRows(rows, bounds);
    requireUnique(rows, 1 + rank, grouping);
    const { map, pointOrder } = CoordinateMap.#ofGrouping(grouping, grid);
    return { map, order: pointOrder };
  }

  /** Sites of rows that may repeat: whole numbers `[points, 1 + rank]`, batch index first. */
  static fromRows(values: ArrayLike<number>, rank: number, options: CoordinateMapOptions = {}): PointGrouping {
    requireOptions(rank, options);
    const rows = int32Array('CoordinateMap', 'rows', values);
    requireWholeRows(rows.length, 1 + rank);
    const bounds = checkedBounds(rows, rank, options);
    const grouping = rows.length === 0 ? noRows(rank) : groupRows(rows, bounds);
    return CoordinateMap.#ofGrouping(grouping, gridOf(rank, bounds, options));
  }

  /**
   * Sites of float points: cell = floor((position - origin) / voxelSize), computed in float32; of other numbers than a
   * Float32Array the origin is taken before they are rounded to float32.
   *
   * @param points numbers `[points, pointStride]`, position in the first `rank` columns
   */
  static fromPoints(points: ArrayLike<number>, rank: number, options: PointOptions): PointGrouping {
    requireOptions(rank, options);
    const cells = checkedPoints(points, rank, options);
    if (points.length === 0) return CoordinateMap.fromRows(new Int32Array(0), rank, options);
    const grouping = groupPoints(cells, options);
    return CoordinateMap.#ofGrouping(grouping, gridOf(rank, grouping.sites.bounds, options));
  }

  static #ofGrouping({ sites, inverse, pointStarts, pointOrder }: RowGrouping, grid: Grid): PointGrouping {
    return { map: new CoordinateMap(sites, grid), inverse, pointStarts, pointOrder };
  }

  /**
   * The pairs of a convolution from these sites; made once per geometry, and once per target.
   *
   * @param target output sites instead of those of the output rule, matched by batch index
   */
  kernelMap(geometry: KernelGeometry, target?: CoordinateMap): KernelMap {
    const checked = checkedGeometry(geometry, this.rank);
    if (target && target !== this.#knownOutputs(checked)) return this.#mapOnto(target, checked);
    return this.derived(kernelMaps.of(cacheKey(checked)), (own) => own(this.#pairs(checked)));
  }

  /**
   * Output sites of a convolution from these sites, finer ones under the rule `generative`; made once per geometry. This
   * map itself when sites stay.
   */
  downsample(geometry: KernelGeometry): CoordinateMap {
    const checked = checkedGeometry(geometry, this.rank);
    const known = this.#knownOutputs(checked);
    if (known) return known;
    this.kernelMap(sitesGeometry(checked)); // finds the sites with the pairs
    return this.#knownOutputs(checked)!;
  }

  /** Cells of the finest grid that one cell of the output of a convolution spans, per axis. */
  outputStride({ strides, outputRule }: KernelGeometry): readonly number[] {
    return this.stride.map((cells, axis) => {
      if (outputRule !== 'generative') return cells * strides[axis];
      return cells % strides[axis] === 0 ? cells / strides[axis] : 1; // finer than the finest grid so far
    });
  }

  #knownOutputs(checked: KernelGeometry): CoordinateMap | undefined {
    return keepsSites(checked) ? this : this.#derived.find(outputMaps.of(sitesKey(checked)));
  }

  #mapOnto(target: CoordinateMap, geometry: KernelGeometry): KernelMap {
    requireRange(
      target.rank === this.rank,
      'kernelMap',
      `target must have rank ${this.rank} (as these sites)`,
      target.rank,
    );
    return this.derived(kernelMaps.of(cacheKey(geometry)).with(target), (own) => {
      if (geometry.outputRule !== 'generative') {
        const pairs = matchSites(this.sites, target.sites, geometry);
        return own(new KernelMap(this.siteCount, target.siteCount, pairs, -1));
      }
      const backwards = matchSites(target.sites, this.sites, geometry);
      return own(new KernelMap(target.siteCount, this.siteCount, backwards, -1)).transposed();
    });
  }

  #pairs(geometry: KernelGeometry): KernelMap {
    if (!keepsSites(geometry) && (geometry.outputRule !== 'floor' || hasDisjointWindows(geometry))) {
      return this.#cover(geometry);
    }
    const outputs = this.downsample(geometry);
    return outputs === this
      ? new KernelMap(this.siteCount, this.siteCount, matchNeighbours(this.sites, geometry), zeroOffset(geometry))
      : new KernelMap(this.siteCount, outputs.siteCount, matchSites(this.sites, outputs.sites, geometry), -1);
  }

  /** Makes the kernel map to the output sites, and these with it. */
  #cover(geometry: KernelGeometry): KernelMap {
    const grid = outputGrid(geometry, this.sites.bounds, this.spatialShape);
    const make = geometry.outputRule === 'generative' ? generateSites : coverSites;
    const { sites, pairs } = make(this.sites, geometry, grid);
    const outputs = this.derived(outputMaps.of(sitesKey(geometry)), (own) => {
      const { rank, batchSize } = this;
      const stride = this.outputStride(geometry);
      return own(new CoordinateMap(sites, { rank, batchSize, stride, spatialShape: grid.spatialShape }));
    });
    return new KernelMap(this.siteCount, outputs.siteCount, pairs, -1);
  }

  /**
   * What `make` derives from these sites, made once per key (`derivedKey`); the tables and maps that `make` hands to `own`
   * are freed with this map.
   */
  derived<T>(key: DerivedKey<T>, make: (own: Own) => T): T {
    return this.#derived.get(key, make);
  }

  /** A new int32 tensor `[sites, 1 + rank]` on the current backend; `coordinateMapOf` finds this map by it. */
  toTensor(): Tensor2D {
    const tensor = tensor2d(this.coordinates, [this.siteCount, 1 + this.rank], 'int32');
    rememberMap(tensor, this);
    return tensor;
  }

  /** Frees the device copies of this map and of everything derived from it, output sites included. */
  dispose(): void {
    if (this.#coordinates) releaseTable(this.#coordinates);
    releaseTable(this.batchStarts);
    this.#derived.dispose();
  }
}

function checkedBounds(rows: Int32Array, rank: number, options: CoordinateMapOptions): Bounds {
  if (rows.length === 0) return noBounds(rank);
  const bounds = boundsOf(rows, 1 + rank);
  requireInside(bounds, options, () => rows);
  return bounds;
}

function gridOf(rank: number, bounds: Bounds, options: CoordinateMapOptions): Grid {
  return {
    rank,
    batchSize: options.batchSize ?? bounds.maximum[0] + 1,
    stride: options.stride ? [...options.stride] : new Array(rank).fill(1),
    spatialShape: options.spatialShape ? [...options.spatialShape] : null,
  };
}
