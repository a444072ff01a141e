import { mul, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { groupByCloud, requireRange, sumRows, type SparseTensor } from '@tfjs-sparse/core';
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
  requirePoolMode('globalPool', mode);
  const clouds = groupByCloud(x.map);
  if (mode === 'max') return maxRows(x.features, clouds);
  if (mode === 'sum') return sumRows(x.features, clouds);
  return tidy(() => {
    const weights = Float32Array.from(x.map.batchStarts.subarray(1), (end, cloud) => {
      return 1 / Math.max(end - x.map.batchStarts[cloud], 1);
    });
    return mul(sumRows(x.features, clouds), tensor2d(weights, [weights.length, 1]));
  });
}

export function requirePoolMode(op: string, mode: GlobalPoolMode): void {
  requireRange(modes.includes(mode), op, "mode must be 'avg', 'max' or 'sum'", mode);
}
