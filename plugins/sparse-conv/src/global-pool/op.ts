import { mul, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, sumRows, type CoordinateMap, type RowMap, type SparseTensor } from '@tfjs-sparse/core';
import { maxRows } from '../max-rows/op.js';

export type GlobalPoolMode = 'avg' | 'max' | 'sum';

const modes: readonly GlobalPoolMode[] = ['avg', 'max', 'sum'];

/**
 * Pools all sites of each cloud: average, maximum or sum per channel. A cloud without sites gives zeros. The gradient of
 * 'max' goes to the greatest sites; equal ones share it evenly, as in torch.amax.
 * (MinkowskiGlobalAvgPooling, torchsparse.nn.GlobalAvgPool, spconv's SparseGlobalMaxPool.)
 *
 * @param x  features `[sites, channels]`
 * @returns  `[clouds, channels]`
 * @throws RangeError for an unknown mode
 */
export function globalPool(x: SparseTensor, mode: GlobalPoolMode): Tensor2D {
  requireRange(modes.includes(mode), 'globalPool', "mode must be 'avg', 'max' or 'sum'", mode);
  const map = cloudRows(x.map);
  if (mode === 'max') return maxRows(x.features, map);
  if (mode === 'sum') return sumRows(x.features, map);
  return tidy(() => {
    const weights = Float32Array.from(x.map.batchStarts.subarray(1), (end, cloud) => {
      return 1 / Math.max(end - x.map.batchStarts[cloud], 1);
    });
    return mul(sumRows(x.features, map), tensor2d(weights, [weights.length, 1]));
  });
}

/** Row maps from sites to clouds by coordinate map; one goes when its map goes. */
const rowMaps = new WeakMap<CoordinateMap, RowMap>();

/** Targets are the sites of `map`, sources its clouds. Sites are sorted by cloud. */
function cloudRows(map: CoordinateMap): RowMap {
  let rows = rowMaps.get(map);
  if (!rows) {
    const index = new Int32Array(map.siteCount);
    for (let cloud = 0; cloud < map.batchSize; cloud++) {
      index.fill(cloud, map.batchStarts[cloud], map.batchStarts[cloud + 1]);
    }
    rows = { index, starts: map.batchStarts, order: Int32Array.from(index, (_cloud, site) => site) };
    rowMaps.set(map, rows);
  }
  return rows;
}
