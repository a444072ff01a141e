import type * as tf from '@tensorflow/tfjs-core';
import type { GoldenProgram } from './golden-leaves.js';
import type { BatchNormResult, SparseFeatures, SparseOps } from './ops.js';

/** What a layer gives: features on sites, a row per cloud, a row per point, or a dense grid (channels last). */
export type LayerValue =
  | { readonly kind: 'sites'; readonly x: SparseFeatures; readonly inverse?: Int32Array }
  | { readonly kind: 'clouds'; readonly rows: tf.Tensor2D }
  | { readonly kind: 'points'; readonly rows: tf.Tensor2D }
  | { readonly kind: 'grid'; readonly dense: tf.Tensor };

/** What the layers share while they run. */
export interface ForwardContext {
  readonly program: GoldenProgram;
  readonly ops: SparseOps;
  readonly values: ReadonlyMap<string, LayerValue>;
  readonly statistics: Map<string, BatchNormResult>;
  readonly leaf: (name: string) => tf.Tensor | undefined;
}

export function sitesOf(name: string, { values }: ForwardContext): SparseFeatures {
  const value = values.get(name);
  if (value?.kind !== 'sites') throw new RangeError(`golden: '${name}' must be a layer on sites, got ${value?.kind}`);
  return value.x;
}

/** `notCovered` asked before that the op was handed in. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('internal: notCovered must be asked before a case is executed');
  return value;
}
