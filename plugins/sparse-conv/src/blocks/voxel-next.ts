import { input, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { SparseHeightSum } from '../height-sum/layer.js';
import { downBlock, submBlock, type SymbolicSparseTensor } from './convolution.js';
import { residualBlock } from './residual-block.js';
import { secondNorm } from './second-encoder.js';

export interface VoxelNeXtOptions {
  /** Channels of the input features. */
  readonly channels: number;
  /** Channels of the first five levels, the last two the same; the sixth has the fifth's. Default `[16, 32, 64, 128, 128]`. */
  readonly planes?: readonly number[];
  /** Channels of the bird's-eye view; default 128. */
  readonly filters?: number;
  /** Of the four strided convolutions, the fifth having the fourth's; default `[3, 3, 3, 3]`. */
  readonly kernelSizes?: readonly number[];
  /** Makes the initial weights reproducible. */
  readonly seed?: number;
}

const levelCount = 6;
const firstSummed = 3; // level 4 of the paper
const seedsPerLevel = 10; // more than a level has convolutions

/**
 * The backbone of VoxelNeXt (Chen et al. 2023, section 3.1) as OpenPCDet's VoxelResBackBone8xVoxelNeXt has it: residual blocks on
 * six grids, each half as fine as the one before, the last three summed over the height, and two convolutions of this sparse
 * bird's-eye view. Sites are `(batch, z, y, x)`; give the input a spatial shape, as spconv does.
 *
 * @returns a model with the inputs features `[sites, channels]` and coords `[sites, 4]`, and the outputs features
 *   `[sites, filters]` and coords `[sites, 3]`, on a grid of stride 8
 * @throws RangeError for other than five planes with the last two the same, and other than four kernel sizes
 */
export function voxelNeXt(options: VoxelNeXtOptions): LayersModel {
  const { channels, planes = [16, 32, 64, 128, 128], filters = 128, kernelSizes = [3, 3, 3, 3], seed } = options;
  const isSummable = planes.length === levelCount - 1 && planes[firstSummed] === planes[firstSummed + 1];
  requireRange(isSummable, op, 'planes must be five, the last two the same', planes);
  requireRange(kernelSizes.length === levelCount - 2, op, 'kernelSizes must be four', kernelSizes);
  const seedAt = (level: number, index: number) =>
    seed === undefined ? undefined : seed + seedsPerLevel * level + index;
  const features = input({ shape: [channels], name: 'features' });
  const coords = input({ shape: [4], dtype: 'int32', name: 'coords' });
  let x: SymbolicSparseTensor = { features, coords };
  const levels: SymbolicSparseTensor[] = [];
  for (let level = 0; level < levelCount; level++) {
    const part = (index: number) => {
      return { filters: planes[Math.min(level, planes.length - 1)], norm: secondNorm, seed: seedAt(level, index) };
    };
    if (level === 0) x = submBlock(x, { name: 'input', ...part(0) });
    else {
      const kernelSize = kernelSizes[Math.min(level, kernelSizes.length) - 1];
      const padding = Math.floor(kernelSize / 2);
      x = downBlock(x, { name: `level${level}/down`, kernelSize, strides: 2, padding, ...part(0) });
    }
    for (const i of [1, 2])
      x = residualBlock(x, { name: `level${level}/block${i}`, useBias: true, ...part(2 * i - 1) });
    if (level >= firstSummed) levels.push(x);
  }
  const pairs = levels.flatMap((each) => [each.features, each.coords]);
  const [summed, flat] = new SparseHeightSum({ name: 'height_sum' }).apply(pairs) as SymbolicTensor[];
  x = { features: summed, coords: flat };
  const view = { filters, kernelSize: 3 };
  x = downBlock(x, { name: 'output', ...view, strides: 1, padding: 1, norm: secondNorm, seed: seedAt(levelCount, 0) });
  x = submBlock(x, { name: 'shared', ...view, useBias: true, seed: seedAt(levelCount, 1) });
  return model({ inputs: [features, coords], outputs: [x.features, x.coords], name: 'voxelNeXt' });
}

const op = 'voxelNeXt';
