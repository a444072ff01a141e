import type { Tensor } from '@tensorflow/tfjs-core';
import {
  CompressedRows,
  gatherRows,
  int32Array,
  requireNumbers,
  requireRange,
  sitesInside,
  SparseTensor,
  subsetOf,
  type CoordinateMap,
} from '@tfjs-sparse/core';
import { hostMask, requireOnHost } from '../host-mask.js';

/**
 * Keeps the sites whose entry of `mask` is true (or not 0); the grid stays. Gradients flow to the kept features.
 * (MinkowskiPruning.)
 *
 * @param mask  on the host, `[sites]` in the order of `x.map`; of a tensor: `await tensor.data()`
 * @throws RangeError when the mask has another length, TypeError for what is no array of booleans or numbers
 */
export function pruneSites(x: SparseTensor, mask: ArrayLike<boolean | number>): SparseTensor {
  const isKept = hostMask('pruneSites', 'mask', mask);
  const rule = `mask must have ${x.map.siteCount} entries (one per site)`;
  requireRange(isKept.length === x.map.siteCount, 'pruneSites', rule, isKept.length);
  const kept: number[] = [];
  for (let site = 0; site < isKept.length; site++) if (isKept[site]) kept.push(site);
  return keepSites(x, Int32Array.from(kept));
}

/**
 * Keeps the sites with these rows, in the order of the grid. Gradients flow to the kept features. (spconv
 * select_by_index.)
 *
 * @param rows  rows of `x.map`, in any order, each once
 * @throws RangeError when a row is out of range or given twice, TypeError for what is no array of numbers
 */
export function selectSites(x: SparseTensor, rows: ArrayLike<number>): SparseTensor {
  const sorted = int32Array('selectSites', 'rows', rows).slice().sort();
  sorted.forEach((row, i) => {
    const isNew = i === 0 || row > sorted[i - 1];
    const rule = `rows must be different integers from 0 to ${x.map.siteCount - 1}`;
    requireRange(row >= 0 && row < x.map.siteCount && isNew, 'selectSites', rule, row);
  });
  return keepSites(x, sorted);
}

export interface CropOptions {
  /** First cell of each axis that stays; default: no bound. */
  readonly start?: readonly number[];
  /** First cell of each axis that no longer stays; default: no bound. */
  readonly end?: readonly number[];
}

/**
 * Keeps the sites inside a box, where they are; the grid stays. Gradients flow to the kept features. (torchsparse
 * SparseCrop.)
 */
export function cropSites(x: SparseTensor, { start, end }: CropOptions): SparseTensor {
  requireBound('start', start, x.map.rank);
  requireBound('end', end, x.map.rank);
  return keepSites(x, sitesInside(x.map, start, end));
}

/** Which sites a score keeps: those above a threshold, or the best of each cloud. */
export type ScoreRule = { readonly threshold: number } | { readonly count: number };

/**
 * The sites that a score keeps. `threshold`: those with a greater score. `count`: the so many greatest of each cloud; of
 * equal ones the first; all of a cloud with fewer. NaN is below every score, and above no threshold.
 *
 * @param scores  `[sites]` on the host
 * @returns       `[sites]`, 1 or 0, for `pruneSites`
 */
export function scoreMask(map: CoordinateMap, scores: ArrayLike<number>, rule: ScoreRule): Uint8Array {
  requireOnHost('scoreMask', 'scores', scores);
  requireNumbers('scoreMask', 'scores', scores);
  requireRange(
    scores.length === map.siteCount,
    'scoreMask',
    `scores must have ${map.siteCount} entries (one per site)`,
    scores.length,
  );
  if ('threshold' in rule) {
    const { threshold } = rule;
    requireRange(threshold === Number(threshold), 'scoreMask', 'threshold must be a number', threshold);
    return Uint8Array.from(scores, (score) => Number(score > threshold));
  }
  const { count } = rule;
  requireRange(Number.isInteger(count) && count >= 0, 'scoreMask', 'count must be an integer >= 0', count);
  const mask = new Uint8Array(map.siteCount);
  const rank = (site: number) => (Number.isNaN(scores[site]) ? -Infinity : scores[site]);
  for (let cloud = 0; cloud < map.batchSize; cloud++) {
    const [first, end] = [map.batchStarts[cloud], map.batchStarts[cloud + 1]];
    const sites = Array.from({ length: end - first }, (_, i) => first + i);
    sites.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)));
    for (const site of sites.slice(0, count)) mask[site] = 1;
  }
  return mask;
}

/**
 * Keeps the sites with the best scores (`scoreMask`). It reads the scores, so it is asynchronous; gradients flow to the
 * kept features only where the caller makes the mask first and calls `pruneSites` inside the gradient function.
 *
 * @param scores  `[sites]` or `[sites, 1]`
 */
export async function pruneByScore(x: SparseTensor, scores: Tensor, rule: ScoreRule): Promise<SparseTensor> {
  return pruneSites(x, scoreMask(x.map, await scores.data(), rule));
}

/** @param kept  ascending rows */
function keepSites(x: SparseTensor, kept: Int32Array): SparseTensor {
  const rows = CompressedRows.fromIndex(kept, x.map.siteCount);
  return new SparseTensor(gatherRows(x.features, rows), subsetOf(x.map, kept));
}

function requireBound(name: string, bound: readonly number[] | undefined, rank: number): void {
  requireRange(
    !bound || (bound.length === rank && bound.every(Number.isInteger)),
    'cropSites',
    `${name} must have ${rank} integers (one per axis)`,
    bound,
  );
}
