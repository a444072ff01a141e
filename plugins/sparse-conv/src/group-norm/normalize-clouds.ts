import {
  add,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  tensor2d,
  tidy,
  tile,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import {
  gatherRows,
  groupByCloud,
  reduceRows,
  requireRange,
  requireReadable,
  type SparseTensor,
} from '@tfjs-sparse/core';

export interface CloudNormOptions {
  /** Added to the variance, 0 or more; default 0.001, as tf.batchNorm (PyTorch's default is 0.00001). */
  readonly epsilon?: number;
  /** `[channels]`, default 1. */
  readonly scale?: Tensor1D;
  /** `[channels]`, default 0. */
  readonly offset?: Tensor1D;
}

/** Normalizes over the sites of each cloud and the channels of each group; `groups` divides the channels. */
export function normalizeClouds(
  op: string,
  x: SparseTensor,
  groups: number,
  { epsilon = 1e-3, scale, offset }: CloudNormOptions,
): SparseTensor {
  requireRange(epsilon >= 0, op, 'epsilon must be 0 or more', epsilon);
  for (const [name, vector] of Object.entries({ scale, offset })) {
    requireRange(
      !vector || (vector.rank === 1 && vector.shape[0] === x.channels),
      op,
      `${name} must have shape [${x.channels}] (as the channels of x)`,
      vector?.shape,
    );
    if (vector) requireReadable(op, name, vector);
  }
  requireReadable(op, 'features', x.features);
  const features = tidy(() => {
    const clouds = groupByCloud(x.map);
    const { batchStarts } = x.map;
    const groupChannels = x.channels / groups;
    const shares = Float32Array.from(batchStarts.subarray(1), (end, cloud) => {
      return 1 / (Math.max(end - batchStarts[cloud], 1) * groupChannels);
    });
    const share = tensor2d(shares, [shares.length, 1]);
    const ofSites = (values: Tensor2D) =>
      gatherRows(mul(overGroups(reduceRows(values, clouds, 'sum'), groupChannels), share), clouds.transposed);
    const centred = sub(x.features, ofSites(x.features));
    let y: Tensor = mul(centred, rsqrt(add(ofSites(square(centred) as Tensor2D), epsilon)));
    if (scale) y = mul(y, scale);
    return (offset ? add(y, offset) : y) as Tensor2D;
  });
  return x.withFeatures(features);
}

/** The sum over the channels of each group, at each of its channels: `[clouds, channels]` to the same. */
function overGroups(sums: Tensor2D, groupChannels: number): Tensor2D {
  if (groupChannels === 1) return sums;
  const [clouds, channels] = sums.shape;
  const ofGroups = sum(reshape(sums, [clouds, channels / groupChannels, groupChannels]), 2, true);
  return reshape(tile(ofGroups, [1, 1, groupChannels]), [clouds, channels]);
}
