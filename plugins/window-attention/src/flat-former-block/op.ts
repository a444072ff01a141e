import { tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkedAxes, requireRange, type SparseTensor } from '@tfjs-sparse/core';
import { flatFormerGroups } from '../flat-former-groups/op.js';
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
  const { windowSize, groupSize, heads, position, activation = 'gelu' } = options;
  const { rank } = x.map;
  requireRange(weights.length === 4, op, 'weights must be those of 4 layers', weights.length);
  requireRange(rank >= 2, op, 'x must have sites of 2 axes or more', rank);
  const [y, along] = checkedAxes(op, options.axes ?? [rank - 2, rank - 1], rank);
  const half = windowSize.map((cells) => Math.floor(cells / 2));
  const none = windowSize.map(() => 0);
  const layers = [
    { axes: [y, along], shift: none },
    { axes: [y, along], shift: half },
    { axes: [along, y], shift: none },
    { axes: [along, y], shift: half },
  ];
  const features = tidy(() =>
    layers.reduce((rows, layer, index) => {
      const groups = flatFormerGroups(x.map, { windowSize, groupSize, ...layer });
      return setEncoder(rows, groups, weights[index], { heads, position, activation });
    }, x.features),
  );
  return x.withFeatures(features);
}

const op = 'flatFormerBlock';
