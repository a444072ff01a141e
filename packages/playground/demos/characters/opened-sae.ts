import { dispose, norm, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { denseCode } from '@tfjs-sparse/topk';
import { saeFromSafetensors, type ConvertedSae } from '@tfjs-sparse/topk/layers';
import { fileError } from '../../src/files/require-file.js';
import { plainMessage } from '../../src/plain-message.js';
import { measureQuality } from './measure-quality.js';
import type { OpenedSae, Quality, SaeDescription, SaeFile } from './tasks.js';

/**
 * Opens an autoencoder of another library and measures it on activations of the network, where their widths agree.
 *
 * @param residual `[characters, width]`
 * @throws RangeError that says what is wrong with the file or its configuration
 */
export async function describeSae({ contents, config }: SaeFile, residual: Tensor2D): Promise<OpenedSae> {
  const converted = convert(contents, config);
  try {
    return { task: 'open', sae: await describe(converted, residual) };
  } finally {
    for (const weight of converted.layer.weights) weight.dispose(); // the layer's own dispose wants that it was applied
  }
}

function convert(contents: Uint8Array, config: SaeFile['config']): ConvertedSae {
  try {
    return saeFromSafetensors(contents, config);
  } catch (error) {
    const isOfFormat = error instanceof Error && error.message.startsWith('readSafetensors: ');
    const problem = plainMessage(error).replace(/, got undefined$/, ', got none');
    if (isOfFormat)
      throw fileError('an autoencoder must be a whole .safetensors file', 'other data or a part of one', error);
    const isAdviceDue = problem.startsWith('config.') && Object.keys(config).length === 0;
    throw new RangeError(problem + (isAdviceDue ? '; its cfg.json may be missing: add it' : ''), { cause: error });
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
