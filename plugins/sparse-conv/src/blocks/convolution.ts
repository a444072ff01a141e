import { initializers, type layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { SparseBatchNormalization, type SparseConvolutionArgs } from '@tfjs-sparse/layers';
import {
  SparseInverseConv1D,
  SparseInverseConv2D,
  SparseInverseConv3D,
  SparseInverseConv4D,
} from '../inverse-conv/layer.js';
import { SparseConv1D, SparseConv2D, SparseConv3D, SparseConv4D } from '../sparse-conv/layer.js';
import { SubmConv1D, SubmConv2D, SubmConv3D, SubmConv4D } from '../subm-conv/layer.js';

/** A sparse tensor of a model that is being built. */
export interface SymbolicSparseTensor {
  /** `[sites, channels]` */
  readonly features: SymbolicTensor;
  /** int32 `[sites, 1 + rank]` */
  readonly coords: SymbolicTensor;
}

export interface NormOptions {
  /** Added to variances. */
  readonly epsilon: number;
  /** Share of the running statistics that a step keeps: 1 minus torch's. */
  readonly momentum: number;
}

export interface BlockOptions {
  /** Start of the names of the block's layers. */
  readonly name: string;
  /** Output channels. */
  readonly filters: number;
  /** Batch normalization behind each convolution (default), which has no bias then; otherwise a bias. */
  readonly hasNorm?: boolean;
  /** Of the normalizations; default torch's, an epsilon of 1e-5 and a momentum of 0.9 (torch's 0.1). */
  readonly norm?: NormOptions;
  /** Of the first initializer; a block takes as many further numbers as it has convolutions. Default random. */
  readonly seed?: number;
}

export interface ConvolutionBlockOptions extends BlockOptions {
  /** Whether a convolution has a bias in front of a normalization too; default false. */
  readonly useBias?: boolean;
  /** Default 3. */
  readonly kernelSize?: number | number[];
  /** Default `relu`. */
  readonly activation?: 'relu' | null;
}

export interface StridedBlockOptions extends ConvolutionBlockOptions {
  /** Default 2. */
  readonly strides?: number | number[];
  /** Default 0. */
  readonly padding?: number | number[];
}

const submConvs = [SubmConv1D, SubmConv2D, SubmConv3D, SubmConv4D];
const sparseConvs = [SparseConv1D, SparseConv2D, SparseConv3D, SparseConv4D];
const inverseConvs = [SparseInverseConv1D, SparseInverseConv2D, SparseInverseConv3D, SparseInverseConv4D];

const torchNorm: NormOptions = { epsilon: 1e-5, momentum: 0.9 }; // PyTorch's default: a momentum of 0.1 for the new value

/** Submanifold convolution, batch normalization, ReLU. */
export function submBlock(x: SymbolicSparseTensor, options: ConvolutionBlockOptions): SymbolicSparseTensor {
  const layer = submLayer(x, { kernelSize: options.kernelSize ?? 3, ...convolutionArgs(options) });
  const features = layer.apply([x.features, x.coords]) as SymbolicTensor;
  return { ...x, features: normalized(features, options) };
}

/** Strided convolution, batch normalization, ReLU; by default onto sites of twice the size (kernel and stride 2). */
export function downBlock(x: SymbolicSparseTensor, options: StridedBlockOptions): SymbolicSparseTensor {
  const layer = makeLayer(sparseConvs, x, { ...strideArgs(options), ...convolutionArgs(options) });
  const [features, coords] = layer.apply([x.features, x.coords]) as SymbolicTensor[];
  return { features: normalized(features, options), coords };
}

/**
 * Inverse convolution, batch normalization, ReLU: back onto `fine`, which a `downBlock` with the same kernel, strides
 * and padding started from.
 */
export function upBlock(
  x: SymbolicSparseTensor,
  fine: SymbolicSparseTensor,
  options: StridedBlockOptions,
): SymbolicSparseTensor {
  const layer = makeLayer(inverseConvs, x, { ...strideArgs(options), ...convolutionArgs(options) });
  const [features] = layer.apply([x.features, x.coords, fine.coords]) as SymbolicTensor[];
  return { features: normalized(features, options), coords: fine.coords };
}

/** The initializer of convolution number `index` of a block. */
export function kernelInitializer(seed: number | undefined, index = 0): ReturnType<typeof initializers.heNormal> {
  return initializers.heNormal({ seed: seed === undefined ? undefined : seed + index });
}

/** A submanifold convolution for the rank of `x`. */
export function submLayer(x: SymbolicSparseTensor, args: SparseConvolutionArgs): layers.Layer {
  return makeLayer(submConvs, x, args);
}

/** The layer for the rank of `x`, out of the classes for 1 to 4 dimensions. */
function makeLayer<A>(
  classes: readonly (new (args: A) => layers.Layer)[],
  { coords }: SymbolicSparseTensor,
  args: A,
): layers.Layer {
  const rank = (coords.shape[1] ?? 0) - 1;
  requireRange(
    rank >= 1 && rank <= classes.length,
    'blocks',
    'coords must have 2 to 5 columns (1 + rank)',
    coords.shape,
  );
  return new classes[rank - 1](args);
}

function strideArgs({ kernelSize = 2, strides = 2, padding = 0 }: StridedBlockOptions) {
  return { kernelSize, strides, padding };
}

function convolutionArgs(options: ConvolutionBlockOptions) {
  const { name, filters, hasNorm = true, useBias = false, activation = 'relu', seed } = options;
  const kernel = { name, filters, kernelInitializer: kernelInitializer(seed) };
  return hasNorm ? { ...kernel, useBias } : { ...kernel, activation: activation ?? undefined };
}

function normalized(features: SymbolicTensor, options: ConvolutionBlockOptions): SymbolicTensor {
  const { name, hasNorm = true, norm = torchNorm, activation = 'relu' } = options;
  if (!hasNorm) return features;
  const layer = new SparseBatchNormalization({ name: `${name}/norm`, ...norm, activation: activation ?? undefined });
  return layer.apply(features) as SymbolicTensor;
}
