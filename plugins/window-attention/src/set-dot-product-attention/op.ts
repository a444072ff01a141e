import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkedAxes, derivedKey, requireRange, requireType, runOp, type CoordinateMap } from '@tfjs-sparse/core';
import type { SiteSets } from '../site-sets/site-sets.js';
import { attentionLists } from './attention-lists.js';
import type { AnySetAttention, RelativePositions } from './attributes.js';
import { biasedSetAttentionOp, setDotProductAttentionOp } from './definition.js';

/** A bias of the scores by the difference of coordinates, as in Point Transformer V3 (`enable_rpe`). */
export interface RelativePositionBias {
  /**
   * float32 `[axes * (2 * bound + 1), heads]`: for each axis and each difference (query - key) from -bound to bound what is
   * added to the score of a pair; larger differences count as `bound`.
   */
  readonly table: Tensor2D;
  /** Of the sites. */
  readonly map: CoordinateMap;
  /** Which axis of the map each part of the table is of; default all in their order. */
  readonly axes?: readonly number[];
}

export interface SetDotProductAttentionOptions {
  /** Into how many heads of equal width the channels are divided. */
  readonly heads: number;
  /** What products of queries and keys are multiplied with; default 1 / sqrt(channels of a head). */
  readonly scale?: number;
  readonly bias?: RelativePositionBias;
}

/**
 * Attention within sets of sites, head by head: `y = softmax(scale * q . k + bias) v` over the keys of the site's set, torch's
 * scaled_dot_product_attention of what a transformer of point clouds gathers into sets and scatters back. Nothing of size
 * `[sets, heads, size, size]` is made. A site whose set has no keys gets 0. The same bits on any number of threads.
 *
 * Gradients flow to q, k, v and the bias' table; scores are computed again for them. They have no gradients of their own.
 *
 * @param q    float32 `[sites, channels]`
 * @param k    float32 `[sites, channels]`
 * @param v    float32 `[sites, channels]`
 * @param sets of these sites, e.g. by `flatFormerGroups`
 * @returns    float32 `[sites, channels]`
 * @throws RangeError where shapes do not fit each other, the sets or the heads; TypeError for other than float32
 */
export function setDotProductAttention(
  q: Tensor2D,
  k: Tensor2D,
  v: Tensor2D,
  sets: SiteSets,
  options: SetDotProductAttentionOptions,
): Tensor2D {
  const { bias } = options;
  for (const [name, tensor] of Object.entries({ q, k, v })) requireRows(name, tensor, sets.siteCount, q);
  const attrs = attentionAttributes(q, sets, options);
  const outputs = bias
    ? runOp(biasedSetAttentionOp, { q, k, v, bias: bias.table }, attrs)
    : runOp(setDotProductAttentionOp, { q, k, v }, attrs);
  outputs.logSumExp.dispose();
  return outputs.y as Tensor2D;
}

/** @throws RangeError or TypeError for options that do not fit x `[sites, channels]` */
export function attentionAttributes(
  x: Tensor2D,
  sets: SiteSets,
  { heads, bias, scale: given }: SetDotProductAttentionOptions,
): AnySetAttention['attrs'] {
  const [sites, channels] = x.shape;
  const isDivisor = Number.isInteger(heads) && heads >= 1 && channels % heads === 0 && channels > 0;
  requireRange(isDivisor, op, `heads must divide the ${channels} channels`, heads);
  const scale = given ?? (channels / heads) ** -0.5;
  requireRange(Number.isFinite(scale), op, 'scale must be a finite number', scale);
  return { lists: attentionLists(sets), heads, scale, positions: bias ? positionsOf(bias, sites, heads) : null };
}

const op = 'setDotProductAttention';

function requireRows(name: string, tensor: Tensor2D, siteCount: number, q: Tensor2D): void {
  requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
  requireRange(tensor.rank === 2, op, `${name} must be [sites, channels]`, tensor.shape);
  requireRange(tensor.shape[0] === siteCount, op, `${name} must have ${siteCount} rows (sites of sets)`, tensor.shape);
  const isLike = tensor.shape[1] === q.shape[1];
  requireRange(isLike, op, `${name} must have ${q.shape[1]} channels (as q)`, tensor.shape);
}

function positionsOf({ table, map, axes }: RelativePositionBias, sites: number, heads: number): RelativePositions {
  const along = checkedAxes(op, axes, map.rank);
  requireRange(map.siteCount === sites, op, `the map of bias must have ${sites} sites (as q)`, map.siteCount);
  requireType(table.dtype === 'float32', op, 'the table of bias must be float32', table.dtype);
  const rows = table.shape[0] / along.length;
  const isTable = table.rank === 2 && rows % 2 === 1 && table.shape[1] === heads;
  const rule = `the table of bias must be [${along.length} * (2 * bound + 1), ${heads}] (axes, heads)`;
  requireRange(isTable, op, rule, table.shape);
  return { coordinates: coordinatesOf(map, along), axes: along.length, bound: (rows - 1) / 2 };
}

const coordinatesAlong = derivedKey<Int32Array>();

/** int32 `[sites, axes]` */
function coordinatesOf(map: CoordinateMap, axes: readonly number[]): Int32Array {
  return map.derived(coordinatesAlong.of(axes.join()), (own) => {
    const { coordinates, siteCount, rank } = map;
    const chosen = new Int32Array(siteCount * axes.length);
    for (let site = 0; site < siteCount; site++) {
      axes.forEach((axis, i) => (chosen[site * axes.length + i] = coordinates[site * (1 + rank) + 1 + axis]));
    }
    return own(chosen);
  });
}
