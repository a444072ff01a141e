import { reshape, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { gatherRows, gridRows, requireRange, type SparseTensor } from '@tfjs-sparse/core';
import { frameOf } from '../dense/frame.js';
import { requireDenseSize, type DenseOptions } from '../dense/op.js';

export interface HeightCompressionOptions extends DenseOptions {
  /** The axis that is stacked into channels; default 0, as spconv has z first. */
  readonly axis?: number;
}

/**
 * Writes features into a grid and stacks one axis into its channels: a bird's-eye view for dense convolutions. Channel
 * `height * channels + c` holds channel c at that height. (HeightCompression of OpenPCDet and ToBEVHeightCompression of
 * torchsparse; OpenPCDet has channel `c * heights + height`, so filters that come from it need their input channels
 * permuted.)
 *
 * @param x  features `[sites, channels]`, rank 2 or more
 * @returns  `[clouds, ...axes left, heights * channels]`
 * @throws RangeError when a site lies outside of the grid or the grid would exceed 2 GiB
 */
export function heightCompression(x: SparseTensor, options: HeightCompressionOptions = {}): Tensor {
  const { axis = 0, ...grid } = options;
  const { rank, batchSize } = x.map;
  const op = 'heightCompression';
  requireRange(rank >= 2, op, 'x must have rank 2 or more', rank);
  requireRange(Number.isInteger(axis) && axis >= 0 && axis < rank, op, `axis must be 0 to ${rank - 1}`, axis);
  const frame = frameOf(op, x.map, grid);
  const heights = frame.spatialShape[axis];
  const shape = [batchSize, ...frame.spatialShape.filter((_, other) => other !== axis), heights * x.channels];
  requireDenseSize(op, shape);
  return tidy(() => reshape(gatherRows(x.features, gridRows(op, x.map, frame, axis)), shape));
}
