import { requireRange, siteIndices, type SparseTensor } from '@tfjs-sparse/core';
import { hostMask } from '../host-mask.js';
import { pruneSites } from '../select-sites/op.js';
import { sparseAdd } from '../union/op.js';

/**
 * Adds a skip connection to a tensor that was pruned: at the sites of `x` their features and those of `skip`, and at
 * the sites of `skip` that `mask` says were pruned by mistake the features of `skip`. Absent features are 0. Gradients
 * flow to both. (Completion-based addition of TSP3D, Guo et al. 2025, section 3.3, on one grid, where its interpolation
 * reads single sites.)
 *
 * @param mask  `[sites of skip]` on the host, for example `scoreMask(skip.map, scores, { threshold })`
 * @returns     the sites of `x` and those of `mask`
 * @throws RangeError when ranks, strides, channels or the length of the mask do not match
 */
export function completionAdd(x: SparseTensor, skip: SparseTensor, mask: ArrayLike<boolean | number>): SparseTensor {
  const op = 'completionAdd';
  const isMistake = hostMask(op, 'mask', mask);
  const rule = `mask must have ${skip.map.siteCount} entries (one per site of skip)`;
  requireRange(isMistake.length === skip.map.siteCount, op, rule, isMistake.length);
  requireRange(skip.map.rank === x.map.rank, op, `skip must have rank ${x.map.rank} (as x)`, skip.map.rank);
  requireRange(
    String(skip.map.stride) === String(x.map.stride),
    op,
    `skip must have stride [${x.map.stride.join(', ')}] (as x)`,
    skip.map.stride,
  );
  requireRange(skip.channels === x.channels, op, `skip must have ${x.channels} channels (as x)`, skip.channels);
  const sitesOfX = siteIndices(skip.map, x.map);
  return sparseAdd(
    x,
    pruneSites(
      skip,
      sitesOfX.map((site, i) => Number(site >= 0 || isMistake[i] > 0)),
    ),
  );
}
