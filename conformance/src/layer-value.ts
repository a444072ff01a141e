import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { SparseTensor } from '@tfjs-sparse/core';

/** What a layer gives: features on sites, a row per cloud, a row per point, or a dense grid (channels last). */
export type LayerValue = (
  | { readonly kind: 'sites'; readonly x: SparseTensor; readonly inverse?: Int32Array }
  | { readonly kind: 'clouds'; readonly rows: Tensor2D }
  | { readonly kind: 'points'; readonly rows: Tensor2D }
  | { readonly kind: 'grid'; readonly dense: Tensor }
) & {
  /** Outputs besides the features, by the golden's kind of tensor: `running_mean_after`. */
  readonly further?: Readonly<Record<string, Tensor>>;
};

export function onSites(x: SparseTensor): LayerValue {
  return { kind: 'sites', x };
}

export function tensorOf(value: LayerValue): Tensor {
  if (value.kind === 'grid') return value.dense;
  return value.kind === 'sites' ? value.x.features : value.rows;
}

/** @param name of the layer, for the message */
export function sitesOf(name: string, value: LayerValue | undefined): SparseTensor {
  if (value?.kind !== 'sites') throw new RangeError(`golden: '${name}' must be a layer on sites, got ${value?.kind}`);
  return value.x;
}
