import { slice, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireOptions, requireRange } from '@tfjs-sparse/core';
import { openPackOf, packOptions, type LoadPackOptions, type Pack, type PackKind } from '@tfjs-sparse/packs';
import type { AutoencoderCode } from '@tfjs-sparse/topk';
import type { SparseAutoencoder } from '@tfjs-sparse/topk/layers';
import '@tfjs-sparse/topk/layers';

/** The autoencoders of this package. */
export type SaeKind = 'topk' | 'batchtopk';

export interface ShakespeareSaeOptions extends LoadPackOptions {
  /** Which of this package's autoencoders; default `topk`. */
  readonly kind?: SaeKind;
  /** Folder or URL of another pack of such an autoencoder. In a bundle, where the pack is served. */
  readonly source?: string | URL;
}

const folders: Readonly<Record<SaeKind, string>> = { topk: '../', batchtopk: '../batchtopk/' };

/** Whose residual stream the autoencoders are of: behind this block of shakespeare-topk. */
export const residualBlock = 1;

/**
 * Opens one of this package's autoencoders; `dispose` frees it.
 *
 * @throws RangeError for an unknown kind; what `loadPack` throws
 */
export async function loadShakespeareSae(given: ShakespeareSaeOptions = {}): Promise<ShakespeareSae> {
  requireOptions('loadShakespeareSae', given, ['kind', 'source', ...packOptions]);
  const { kind = 'topk', source, ...options } = given;
  const kinds = Object.keys(folders);
  requireRange(kinds.includes(kind), 'loadShakespeareSae', `kind must be ${kinds.join(' or ')}`, kind);
  const folder = source ?? new URL(folders[kind], import.meta.url);
  return openPackOf('loadShakespeareSae', packKind, folder, options, (pack) => new ShakespeareSae(pack));
}

const packKind: PackKind = {
  name: 'shakespeare-sae',
  inputs: [[null, null]],
  outputs: [[null, null]],
  layers: ['autoencoder'],
};

/** A sparse autoencoder of the residual stream behind block 1 of shakespeare-topk. */
export class ShakespeareSae {
  /** Of shakespeare-topk. */
  readonly block = residualBlock;
  readonly layer: SparseAutoencoder;
  readonly features: number;
  /** Of the residual stream. */
  readonly width: number;

  /** @param pack loaded; `dispose` frees it */
  constructor(readonly pack: Pack) {
    this.layer = pack.model.getLayer('autoencoder') as SparseAutoencoder;
    [this.features, this.width] = this.layer.autoencoderWeights().encoder.shape;
  }

  /** The active features at each character: `denseCode(code)` is `[characters, features]`. */
  encode(residual: Tensor2D): AutoencoderCode {
    return this.layer.encode(residual);
  }

  /** `[characters, width]` */
  reconstruct(residual: Tensor2D): Tensor2D {
    return this.layer.apply(residual) as Tensor2D;
  }

  /** The feature's row of the decoder: what adding it to the residual stream, `Steering.delta`, says more of. */
  async direction(feature: number): Promise<Float32Array> {
    const isFeature = Number.isInteger(feature) && feature >= 0 && feature < this.features;
    requireRange(isFeature, 'direction', `feature must be an integer from 0 to ${this.features - 1}`, feature);
    const row = tidy(() => slice(this.layer.autoencoderWeights().decoder, [feature, 0], [1, this.width]));
    const values = await row.data<'float32'>();
    row.dispose();
    return values;
  }

  /** Frees the pack. */
  dispose(): void {
    this.pack.dispose();
  }
}
