import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { SparseConcatenate } from '../union/layer.js';
import { downBlock, submBlock, upBlock, type BlockOptions, type SymbolicSparseTensor } from './convolution.js';
import { residualBlock } from './residual-block.js';

export interface UNetStageOptions extends BlockOptions {
  /** Output channels of the coarser level. */
  readonly innerFilters: number;
  /** Of the strided convolution; default those of its input. */
  readonly downFilters?: number;
  /** Blocks on the coarser level before `inner`; default 2. */
  readonly encoderBlocks?: number;
  /** Blocks behind the concatenation; default 2. */
  readonly decoderBlocks?: number;
  /** `residual` (default): residual blocks; `plain`: single convolutions. */
  readonly block?: 'residual' | 'plain';
  /** What happens on the coarser level; default nothing. A further `uNetStage` makes the network deeper. */
  readonly inner?: (x: SymbolicSparseTensor) => SymbolicSparseTensor;
}

const seedsPerBlock = 3; // a residual block has up to three convolutions

/**
 * One level of a U-Net: down by 2, blocks, `inner`, up again onto the sites of `x`, concatenated with `x`, blocks
 * (Ronneberger et al. 2015; MinkowskiEngine MinkUNet, spconv UBlock).
 */
export function uNetStage(x: SymbolicSparseTensor, options: UNetStageOptions): SymbolicSparseTensor {
  const { name, filters, innerFilters, encoderBlocks = 2, decoderBlocks = 2, hasNorm, norm, seed } = options;
  const seedAt = (block: number) => (seed === undefined ? undefined : seed + seedsPerBlock * block);
  const addBlock = options.block === 'plain' ? submBlock : residualBlock;
  const downFilters = options.downFilters ?? x.features.shape[1]!;

  let y = downBlock(x, { name: `${name}/down`, filters: downFilters, hasNorm, norm, seed: seedAt(0) });
  for (let i = 0; i < encoderBlocks; i++) {
    y = addBlock(y, { name: `${name}/encoder${i}`, filters: innerFilters, hasNorm, norm, seed: seedAt(1 + i) });
  }
  y = options.inner?.(y) ?? y;
  y = upBlock(y, x, { name: `${name}/up`, filters, hasNorm, norm, seed: seedAt(1 + encoderBlocks) });
  const join = new SparseConcatenate({ name: `${name}/join` });
  const [joined] = join.apply([y.features, y.coords, x.features, x.coords]) as SymbolicTensor[];
  y = { ...x, features: joined };
  for (let i = 0; i < decoderBlocks; i++) {
    y = addBlock(y, { name: `${name}/decoder${i}`, filters, hasNorm, norm, seed: seedAt(2 + encoderBlocks + i) });
  }
  return y;
}
