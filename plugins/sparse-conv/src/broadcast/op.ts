import { add, concat, mul, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import {
  gatherRows,
  groupByCloud,
  requireRange,
  requireReadable,
  requireType,
  type SparseTensor,
} from '@tfjs-sparse/core';

export type BroadcastMode = 'add' | 'multiply' | 'concatenate';

const modes: readonly BroadcastMode[] = ['add', 'multiply', 'concatenate'];

/**
 * Brings a vector per cloud to all sites of the cloud: added to their features, multiplied, or put behind their
 * channels. (MinkowskiBroadcastAddition, BroadcastMultiplication, BroadcastConcatenation.)
 *
 * @param x     features `[sites, channels]`
 * @param rows  `[clouds, channels]`; any number of channels with `concatenate`
 * @returns     features `[sites, channels]`, with `concatenate` `[sites, channels of x + channels of rows]`
 * @throws RangeError when the shape of `rows` does not fit
 */
export function siteBroadcast(x: SparseTensor, rows: Tensor2D, mode: BroadcastMode): SparseTensor {
  const op = 'siteBroadcast';
  requireBroadcastMode(op, mode);
  const channels = mode === 'concatenate' ? 'channels' : x.channels;
  requireRange(
    rows.rank === 2 && rows.shape[0] === x.map.batchSize && (mode === 'concatenate' || rows.shape[1] === channels),
    op,
    `rows must have shape [${x.map.batchSize}, ${channels}] (one row per cloud)`,
    rows.shape,
  );
  requireType(rows.dtype === 'float32', op, 'rows must be float32', rows.dtype);
  requireReadable(op, 'features', x.features);
  const features = tidy(() => {
    const ofSites = gatherRows(rows, groupByCloud(x.map).transposed);
    if (mode === 'concatenate') return concat([x.features, ofSites], 1);
    return (mode === 'add' ? add(x.features, ofSites) : mul(x.features, ofSites)) as Tensor2D;
  });
  return x.withFeatures(features);
}

export function requireBroadcastMode(op: string, mode: BroadcastMode): void {
  requireRange(modes.includes(mode), op, "mode must be 'add', 'multiply' or 'concatenate'", mode);
}
