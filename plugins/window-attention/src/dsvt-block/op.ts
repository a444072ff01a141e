import { add, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkedAxes, requireRange, type SparseTensor } from '@tfjs-sparse/core';
import { dsvtSets } from '../dsvt-sets/op.js';
import { layerNorm } from '../layer-norm/op.js';
import { setEncoder, type Normalization, type SetEncoderWeights } from '../set-encoder/op.js';
import type { WindowOptions } from '../window-options.js';

export interface DSVTLayerWeights {
  /** Of attention and the feed-forward part (`win_attn`). */
  readonly encoder: SetEncoderWeights;
  /** Behind the layer's own residual. */
  readonly norm: Normalization;
}

export interface DSVTBlockWeights {
  /** Of the layers over y sets and over x sets. */
  readonly layers: readonly DSVTLayerWeights[];
  /** Behind the block's residual (`residual_norm`); default none, and no residual. */
  readonly norm?: Normalization;
}

export interface DSVTBlockOptions extends WindowOptions {
  readonly heads: number;
  /** The most sites of a set. */
  readonly setSize: number;
  /** Of each of the two layers, float32 `[sites, channels]`; default none. */
  readonly positions?: readonly [Tensor2D, Tensor2D];
  /** The axes x, y, ... of the map; default all from the last to the first. */
  readonly axes?: readonly number[];
}

/**
 * A block of DSVT (Wang et al. 2023, section 3.2): attention within sets of each window that are cut along y, then within
 * sets cut along x, each in an encoder layer (`setEncoder`, normalised last, relu) with one more residual and normalization,
 * and these once more around both. DSVT shifts the windows of every second block.
 *
 * @param x features float32
 * @returns the same sites
 * @throws RangeError for other than two layers, a map of one axis; what `dsvtSets` and `setEncoder` throw
 */
export function dsvtBlock(x: SparseTensor, weights: DSVTBlockWeights, options: DSVTBlockOptions): SparseTensor {
  const { heads, windowSize, shift, setSize, positions } = options;
  const { rank } = x.map;
  requireRange(weights.layers.length === 2, op, 'weights must be those of 2 layers', weights.layers.length);
  requireRange(rank >= 2, op, 'x must have sites of 2 axes or more', rank);
  const [first, second, ...others] = checkedAxes(op, options.axes ?? lastToFirst(rank), rank);
  requireRange(second !== undefined, op, 'axes must be two or more', options.axes);
  const orders = [
    [second, first, ...others],
    [first, second, ...others],
  ];
  const features = tidy(() => {
    const y = weights.layers.reduce((rows, { encoder, norm }, layer) => {
      const sets = dsvtSets(x.map, { windowSize, shift, setSize, axes: orders[layer] });
      return residual(rows, setEncoder(rows, sets, encoder, { heads, position: positions?.[layer] }), norm);
    }, x.features);
    return weights.norm ? residual(x.features, y, weights.norm) : y;
  });
  return x.withFeatures(features);
}

const op = 'dsvtBlock';

/** x, y, ... of a map with axes ..., y, x. */
export function lastToFirst(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

function residual(x: Tensor2D, y: Tensor2D, { scale, offset }: Normalization): Tensor2D {
  return layerNorm(add(x, y), scale, offset);
}
