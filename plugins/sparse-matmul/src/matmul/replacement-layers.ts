import { tensor1d, tensor2d, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { type layers } from '@tensorflow/tfjs-layers';
import { fusedArgsOf, type FusedArgs, type LayerReplacement } from '@tfjs-sparse/layers';
import { SparseConv1x1 } from '../conv1x1/layer.js';
import { SparseFilterConv2D } from '../conv2d/layer.js';
import { NMDense } from '../nm-matmul/layer.js';
import { chooseFormat, type SparseFormat } from '../pattern/choose-format.js';
import { packWeights } from '../pattern/pack-weights.js';
import { encodePattern } from '../pattern/stored-pattern.js';
import { SparseDense } from '../sparse-matmul/layer.js';

/** A sparse layer and how it keeps its weights. */
export interface SparseReplacement extends LayerReplacement {
  readonly format: SparseFormat;
}

/**
 * The sparse layer in place of a dense layer whose kernel has zeros: for `Dense` an `NMDense` or `SparseDense`, for a
 * `Conv2D` a `SparseConv1x1` or, with a kernelSize above 1, a `SparseFilterConv2D`, in the format that `chooseFormat` says. Made for `strip` of
 * packages/training: `strip(model, {replace: sparseReplacement})`.
 *
 * @returns undefined for other layers, and where the dense product is as fast
 */
export async function sparseReplacement(layer: layers.Layer): Promise<SparseReplacement | undefined> {
  const config = layer.getConfig();
  const isDense = layer.getClassName() === 'Dense';
  if (!isDense && !isConv(layer.getClassName(), config)) return undefined;
  const [kernel, bias] = layer.getWeights();
  const outFeatures = kernel.shape[kernel.rank - 1];
  const shape: [number, number] = [kernel.size / outFeatures, outFeatures];
  const dense = await kernel.data();
  const format = chooseFormat(dense, shape);
  if (!format) return undefined;
  const { pattern, values } = packWeights(dense, shape, format);
  const words = encodePattern(pattern);
  const args = {
    ...fusedArgsOf(layer),
    blockOutputs: format.blockOutputs,
    blocks: pattern.blockCount,
    patternWords: words.length,
  };
  const weights: Tensor[] = [tensor2d(values, [pattern.blockCount, pattern.blockOutputs]), tensor1d(words, 'int32')];
  if (bias) weights.splice(1, 0, bias.clone());
  return { layer: isDense ? denseLayer(config, args, format) : convLayer(config, args, format), weights, format };
}

/** What the config of a `Conv2D` has of its windows. */
type ConvConfig = {
  readonly filters: number;
  readonly kernelSize: [number, number];
  readonly strides: [number, number];
  readonly padding: 'same' | 'valid';
  readonly dilationRate: [number, number];
};

type SharedArgs = FusedArgs & {
  blockOutputs: SparseFormat['blockOutputs'];
  blocks: number;
  patternWords: number;
};

function denseLayer(config: serialization.ConfigDict, args: SharedArgs, { groups }: SparseFormat): layers.Layer {
  const units = config.units as number;
  return groups ? new NMDense({ ...args, units, ...groups }) : new SparseDense({ ...args, units });
}

function convLayer(config: serialization.ConfigDict, args: SharedArgs, { groups }: SparseFormat): layers.Layer {
  const { filters, kernelSize, strides, padding, dilationRate } = config as ConvConfig;
  if (kernelSize.every((size) => size === 1)) return new SparseConv1x1({ ...args, filters, strides, groups });
  return new SparseFilterConv2D({ ...args, filters, kernelSize, strides, padding, dilationRate, ...groups });
}

function isConv(className: string, { dataFormat }: serialization.ConfigDict): boolean {
  return className === 'Conv2D' && dataFormat !== 'channelsFirst';
}
