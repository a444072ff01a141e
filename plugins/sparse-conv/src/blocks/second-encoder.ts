import { input, model, type LayersModel } from '@tensorflow/tfjs-layers';
import { downBlock, submBlock, type NormOptions, type SymbolicSparseTensor } from './convolution.js';
import { residualBlock } from './residual-block.js';

export interface SecondEncoderOptions {
  /** Channels of the input features. */
  readonly channels: number;
  /** Channels of the four levels; default `[16, 32, 64, 64]`. */
  readonly planes?: readonly number[];
  /** Channels of the last convolution, which halves the height; default 128. */
  readonly filters?: number;
  /** `plain` (default): convolutions; `residual`: residual blocks with biases (VoxelResBackBone8x). */
  readonly block?: 'plain' | 'residual';
  /** Batch normalization behind each convolution; default true. */
  readonly hasNorm?: boolean;
  /** Makes the initial weights reproducible. */
  readonly seed?: number;
}

export const secondNorm: NormOptions = { epsilon: 1e-3, momentum: 0.99 }; // OpenPCDet's and mmdet3d's
const seedsPerLevel = 10; // more than a level has convolutions

/**
 * The middle encoder of SECOND (Yan, Mao, Li 2018, section 3.2) as OpenPCDet's VoxelBackBone8x has it: submanifold
 * convolutions on four grids, each half as fine as the one before, and one more stride of 2 along the height. Sites are
 * `(batch, z, y, x)`; give the input a spatial shape, as spconv does. `heightCompression` makes the map for a 2-D head.
 *
 * @returns a model with the inputs features `[sites, channels]` and coords `[sites, 4]`, and the outputs features and
 *   coords of the coarsest grid
 */
export function secondEncoder(options: SecondEncoderOptions): LayersModel {
  const { channels, planes = [16, 32, 64, 64], filters = 128, block = 'plain', hasNorm, seed } = options;
  const seedAt = (level: number, index: number) =>
    seed === undefined ? undefined : seed + seedsPerLevel * level + index;
  const features = input({ shape: [channels], name: 'features' });
  const coords = input({ shape: [4], dtype: 'int32', name: 'coords' });
  const shared = { hasNorm, norm: secondNorm };
  let x: SymbolicSparseTensor = { features, coords };
  planes.forEach((plane, level) => {
    const part = (index: number) => ({ filters: plane, ...shared, seed: seedAt(level, index) });
    if (level === 0) x = submBlock(x, { name: 'input', ...part(0) });
    else {
      // OpenPCDet's last level has no padding along the height.
      const padding = level === planes.length - 1 ? [0, 1, 1] : 1;
      x = downBlock(x, { name: `level${level}/down`, kernelSize: 3, strides: 2, padding, ...part(0) });
    }
    const blocks = block === 'residual' || level > 0 ? 2 : 1;
    for (let i = 1; i <= blocks; i++) {
      if (block === 'plain') x = submBlock(x, { name: `level${level}/conv${i}`, ...part(i) });
      else x = residualBlock(x, { name: `level${level}/block${i}`, useBias: true, ...part(2 * i - 1) });
    }
  });
  x = downBlock(x, {
    name: 'output',
    filters,
    kernelSize: [3, 1, 1],
    strides: [2, 1, 1],
    ...shared,
    seed: seedAt(planes.length, 0),
  });
  return model({ inputs: [features, coords], outputs: [x.features, x.coords], name: 'secondEncoder' });
}
