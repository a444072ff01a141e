import { dispose, norm, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { denseCode } from '@tfjs-sparse/topk';
import { saeFromSafetensors, type ConvertedSae } from '@tfjs-sparse/topk/layers';
import { measureQuality } from './measure-quality.js';
import type { OpenedSae, Quality, SaeDescription, SaeFile } from './tasks.js';

/**
 * Opens an autoencoder of another library and measures it on activations of the network, where their widths agree.
 *
 * @param residual `[characters, width]`
 * @returns        with the problem where it cannot be opened
 */
export async function describeSae({ contents, config }: SaeFile, residual: Tensor2D): Promise<OpenedSae> {
  let converted: ConvertedSae;
  try {
    converted = saeFromSafetensors(contents, config);
  } catch (error) {
    return { task: 'open', problem: error instanceof Error ? error.message : String(error), sae: null };
  }
  try {
    return { task: 'open', problem: null, sae: await describe(converted, residual) };
  } finally {
    for (const weight of converted.layer.weights) weight.dispose(); // the layer's own dispose wants that it was applied
  }
}

async function describe({ layer, library, pairings }: ConvertedSae, residual: Tensor2D): Promise<SaeDescription> {
  const { encoder, decoder } = layer.autoencoderWeights();
  const [features, width] = encoder.shape;
  const [characters, networkWidth] = residual.shape;
  const lengths = tidy(() => norm(decoder, 'euclidean', 1));
  const sorted = (await lengths.data()).slice().sort();
  lengths.dispose();
  const isOfNetwork = width === networkWidth && decoder.shape[1] === networkWidth;
  return {
    library,
    activation: layer.settings.activation,
    k: layer.settings.k ?? null,
    features,
    width,
    rowLengths: [sorted[0], sorted[features >> 1], sorted[features - 1]],
    pairings,
    networkWidth,
    quality: isOfNetwork ? await qualityOn(layer, residual) : null,
    characters,
  };
}

async function qualityOn(layer: ConvertedSae['layer'], residual: Tensor2D): Promise<Quality> {
  const code = tidy(() => denseCode(layer.encode(residual)));
  const quality = await measureQuality(residual, code, tidy(() => layer.apply(residual) as Tensor2D)); // prettier-ignore
  dispose(code);
  return quality;
}
