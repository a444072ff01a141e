import type { SparseFormat } from '../pattern/choose-format.js';

/** A matrix product of a model, as it was found. */
export interface FoundLayer {
  /** The node's or layer's name. */
  readonly name: string;
  /** Its op or class in the given model. */
  readonly op: string;
  /** Of its weights as the model has them. */
  readonly shape: readonly number[];
  /** Share of the weights that are 0, 0 to 1. */
  readonly sparsity: number;
}

/** What became of it. */
export interface LayerReport extends FoundLayer {
  /**
   * `csr` (single weights), `block2`, `block4`, `block8`, or with a rule `nm2:4`, `nm2:4x8` (shared by 8 outputs), …;
   * `depthwise` for a dense depthwise convolution that runs on this plugin's kernel; `dense` for what stayed.
   */
  readonly format: string;
  readonly reason: string;
}

export interface SparsifyOptions {
  /** Layers with a smaller share of zeros stay dense, 0 to 1; default 0: the measured speed alone decides. */
  readonly minSparsity?: number;
  /** Which layers may become sparse; default all. */
  readonly include?: (layer: FoundLayer) => boolean;
}

/** Why a layer has to stay dense before its weights are looked at closely, or null. */
export function staysDense(layer: FoundLayer, { minSparsity = 0, include }: SparsifyOptions): string | null {
  if (include && !include(layer)) return 'not included';
  if (layer.sparsity < minSparsity) return `fewer zeros than minSparsity ${minSparsity}`;
  return null;
}

export const sameWeights = 'a faster kernel with the same weights';
export const severalOutputs = 'it has several outputs per channel';
export const dilated = 'its filter is dilated';
export const notNhwc = 'its images are not NHWC';
export const asFastDense = 'the dense product is as fast at this share of zeros';

export function formatName({ blockOutputs, groups }: SparseFormat): string {
  if (groups) return `nm${groups.n}:${groups.m}${blockOutputs > 1 ? `x${blockOutputs}` : ''}`;
  return blockOutputs > 1 ? `block${blockOutputs}` : 'csr';
}

export function formatReason({ relativeTime }: SparseFormat): string {
  return `about ${Math.max(relativeTime, 0.01).toFixed(2)} of the dense product's time`;
}

export function shareOfZeros(values: ArrayLike<number>): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return values.length === 0 ? 0 : zeros / values.length;
}
