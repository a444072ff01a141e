import type { AnySetAttention } from '../set-dot-product-attention/attributes.js';

/** The rotation of queries and keys, of `pointRope`. */
export interface Turns {
  readonly turns: Int32Array;
  readonly axes: number;
}

/** What a caller may leave out; every combination is an op of its own, as tfjs saves the same inputs at every call. */
export const optionalInputs = ['position', 'qkvBias', 'outputBias', 'bias'] as const;

export interface SetAttention {
  /**
   * x, position `[sites, channels]`, qkv `[channels, 3 * channels]`, output `[channels, channels]`, qkvBias
   * `[3 * channels]`, outputBias `[channels]`, bias as in `BiasedSetAttention`
   */
  inputs: { x: 'float32'; qkv: 'float32'; output: 'float32' } & {
    [Name in (typeof optionalInputs)[number]]?: 'float32';
  };
  /** y `[sites, channels]` */
  outputs: { y: 'float32' };
  attrs: AnySetAttention['attrs'] & { readonly rope: Turns | null };
}
