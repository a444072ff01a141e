import { input, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { kernelInitializer, submBlock, submLayer, type NormOptions, type SymbolicSparseTensor } from './convolution.js';
import { uNetStage } from './u-net-stage.js';

export interface MinkUNetOptions {
  /** Channels of the input features. */
  readonly channels: number;
  /** Default none: the network gives features `[sites, last of planes]`. */
  readonly classes?: number;
  /**
   * Channels of the stem, of every level on the way down, and of every level on the way up; an odd number of them.
   * Default `[32, 32, 64, 128, 256, 256, 128, 96, 96]` (MinkUNet34's with torchsparse's stem).
   */
  readonly planes?: readonly number[];
  /** Of the convolutions of the stem, one each; default `[3, 3]` (torchsparse's; MinkowskiEngine has `[5]`). */
  readonly stemKernels?: readonly number[];
  /** Blocks on the way down, of each level or of all, the finest first; default 2. */
  readonly encoderBlocks?: number | readonly number[];
  /** Blocks on the way up, of each level or of all, the finest first; default 2. */
  readonly decoderBlocks?: number | readonly number[];
  /**
   * Channels of strided convolutions: those of the level that they come from (`finer`, default; MinkowskiEngine, torchsparse),
   * or that they lead to (`coarser`; Pointcept's SpUNet).
   */
  readonly downFilters?: 'finer' | 'coarser';
  /** `residual` (default): residual blocks; `plain`: single convolutions. */
  readonly block?: 'residual' | 'plain';
  /** Batch normalization behind each convolution; default true. */
  readonly hasNorm?: boolean;
  /** Of the normalizations; default torch's. */
  readonly norm?: NormOptions;
  /** Applied to the outputs; default none, which gives logits. */
  readonly activation?: 'softmax';
  /** Spatial dimensions, 1 to 4; default 3. */
  readonly rank?: number;
  /** Makes the initial weights reproducible. */
  readonly seed?: number;
}

const defaultPlanes = [32, 32, 64, 128, 256, 256, 128, 96, 96];
const seedsPerStage = 100; // more than a stage has convolutions

/**
 * U-Net for classes per site (Choy, Gwak, Savarese 2019, figure 4; torchsparse MinkUNet): a stem of submanifold
 * convolutions, levels that halve the grid and come back with skip connections, a linear head.
 *
 * @returns a model with the inputs features `[sites, channels]` and coords `[sites, 1 + rank]` and the output
 *   `[sites, classes]`
 * @throws RangeError unless `planes` has an odd number of at least 3 entries, and blocks are of as many levels
 */
export function minkUNet(options: MinkUNetOptions): LayersModel {
  const { channels, classes, planes = defaultPlanes, stemKernels = [3, 3], rank = 3, hasNorm, norm, seed } = options;
  requireRange(
    planes.length % 2 === 1 && planes.length >= 3,
    'minkUNet',
    'planes must have an odd number of entries, at least 3',
    planes.length,
  );
  const depth = (planes.length - 1) / 2;
  const [encoderBlocks, decoderBlocks] = (['encoderBlocks', 'decoderBlocks'] as const).map((name) => {
    const { [name]: blocks = 2 } = options;
    const ofLevels = typeof blocks === 'number' ? Array<number>(depth).fill(blocks) : blocks;
    requireRange(ofLevels.length === depth, 'minkUNet', `${name} must be a number, or ${depth} (levels)`, blocks);
    return ofLevels;
  });
  const seedAt = (stage: number) => (seed === undefined ? undefined : seed + seedsPerStage * stage);
  const features = input({ shape: [channels], name: 'features' });
  const coords = input({ shape: [1 + rank], dtype: 'int32', name: 'coords' });

  const stage = (x: SymbolicSparseTensor, level: number): SymbolicSparseTensor =>
    level > depth
      ? x
      : uNetStage(x, {
          name: `level${level}`,
          hasNorm,
          norm,
          block: options.block,
          downFilters: options.downFilters === 'coarser' ? planes[level] : undefined,
          encoderBlocks: encoderBlocks[level - 1],
          decoderBlocks: decoderBlocks[level - 1],
          innerFilters: planes[level],
          filters: planes[planes.length - level],
          seed: seedAt(level),
          inner: (coarse) => stage(coarse, level + 1),
        });

  let x: SymbolicSparseTensor = { features, coords };
  stemKernels.forEach((kernelSize, i) => {
    const stem = { name: `stem${i + 1}`, filters: planes[0], kernelSize, hasNorm, norm };
    x = submBlock(x, { ...stem, seed: seed === undefined ? undefined : seed + i });
  });
  x = stage(x, 1);
  const outputs = classes === undefined ? x.features : head(x, classes, options, seedAt(depth + 1));
  return model({ inputs: [features, coords], outputs, name: 'minkUNet' });
}

function head(
  x: SymbolicSparseTensor,
  classes: number,
  { activation }: MinkUNetOptions,
  seed: number | undefined,
): SymbolicTensor {
  const args = {
    name: 'head',
    filters: classes,
    kernelSize: 1,
    activation,
    kernelInitializer: kernelInitializer(seed),
  };
  return submLayer(x, args).apply([x.features, x.coords]) as SymbolicTensor;
}
