import { tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkedAxes, requireRange, type CoordinateMap, type SparseTensor } from '@tfjs-sparse/core';
import { flatFormerGroups } from '../flat-former-groups/op.js';
import type { SiteSets } from '../site-sets/site-sets.js';
import { setEncoder, type SetEncoderWeights } from '../set-encoder/op.js';

export interface FlatFormerBlockOptions {
  readonly heads: number;
  /** Cells of a window on each axis of the map. */
  readonly windowSize: readonly number[];
  /** Sites of a group. */
  readonly groupSize: number;
  /** float32 `[sites, channels]`, e.g. of `sinusoidalPositions`; default none. */
  readonly position?: Tensor2D;
  /** The axes y and x of the map; default the last two. */
  readonly axes?: readonly [number, number];
  /** Default 'gelu'. */
  readonly activation?: 'relu' | 'gelu';
}

/**
 * FlatFormer's BasicBlock: four encoder layers (`setEncoder`, normalised last), whose groups follow the x axis, the same with
 * windows shifted by half, the y axis, and this shifted.
 *
 * @param x       its features float32
 * @param weights of the four layers
 * @returns       the same sites
 * @throws RangeError for other than four layers, a map of one axis; what `flatFormerGroups` and `setEncoder` throw
 */
export function flatFormerBlock(
  x: SparseTensor,
  weights: readonly SetEncoderWeights[],
  options: FlatFormerBlockOptions,
): SparseTensor {
  const { heads, position, activation = 'gelu' } = options;
  requireRange(weights.length === 4, op, 'weights must be those of 4 layers', weights.length);
  const groups = flatFormerBlockGroups(x.map, options);
  const features = tidy(() =>
    groups.reduce((rows, each, layer) => {
      return setEncoder(rows, each, weights[layer], { heads, position, activation });
    }, x.features),
  );
  return x.withFeatures(features);
}

/**
 * The groups of the four layers of `flatFormerBlock`: along the x axis, with windows shifted by half, along the y axis, and
 * this shifted.
 *
 * @throws RangeError for a map of one axis; what `flatFormerGroups` throws
 */
export function flatFormerBlockGroups(
  map: CoordinateMap,
  { windowSize, groupSize, axes }: Pick<FlatFormerBlockOptions, 'windowSize' | 'groupSize' | 'axes'>,
): SiteSets[] {
  const { rank } = map;
  requireRange(rank >= 2, op, 'x must have sites of 2 axes or more', rank);
  const [y, along] = checkedAxes(op, axes ?? [rank - 2, rank - 1], rank);
  const half = windowSize.map((cells) => Math.floor(cells / 2));
  const layers = [
    { axes: [y, along] },
    { axes: [y, along], shift: half },
    { axes: [along, y] },
    { axes: [along, y], shift: half },
  ];
  return layers.map((layer) => flatFormerGroups(map, { windowSize, groupSize, ...layer }));
}

const op = 'flatFormerBlock';
