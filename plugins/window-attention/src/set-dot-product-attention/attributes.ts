import type { CompressedRows } from '@tfjs-sparse/core';

/** Which sites attend to which: those of a set to the keys of the set. */
export interface AttentionLists {
  /** `[sets, sites]`; every site is a query of one set. */
  readonly queries: CompressedRows;
  /** `[sets, sites]`; a site can be a key of several sets, or none. */
  readonly keys: CompressedRows;
}

/** Bias by relative position: of each axis the row `limited(query - key) + bound` of its part of a table. */
export interface RelativePositions {
  /** `[sites, axes]` */
  readonly coordinates: Int32Array;
  readonly axes: number;
  readonly bound: number;
}

interface SetAttentionAttributes {
  readonly lists: AttentionLists;
  readonly heads: number;
  /** What products of queries and keys are multiplied with. */
  readonly scale: number;
  /** null without a bias */
  readonly positions: RelativePositions | null;
}

/** q, k, v `[sites, heads * channels]` */
interface Operands {
  q: 'float32';
  k: 'float32';
  v: 'float32';
}

/** y `[sites, heads * channels]`; logSumExp `[sites, heads]` of the scores, natural, -Infinity where a set has no keys */
interface Outputs {
  y: 'float32';
  logSumExp: 'float32';
}

export interface SetDotProductAttention {
  inputs: Operands;
  outputs: Outputs;
  attrs: SetAttentionAttributes;
}

export interface BiasedSetAttention {
  /** bias `[axes * (2 * bound + 1), heads]` */
  inputs: Operands & { bias: 'float32' };
  outputs: Outputs;
  attrs: SetAttentionAttributes;
}

/** Of kernels, which serve both. */
export interface AnySetAttention {
  inputs: Operands & { bias?: 'float32' };
  outputs: Outputs;
  attrs: SetAttentionAttributes;
}

export interface SetAttentionGradient {
  inputs: Operands & { bias?: 'float32'; y: 'float32'; logSumExp: 'float32'; dy: 'float32' };
  /** dq `[sites, heads * channels]`; dk, dv `[keys of all sets, heads * channels]`; dbias `[sets, rows * heads]` of the bias */
  outputs: { dq: 'float32'; dk: 'float32'; dv: 'float32'; dbias: 'float32' };
  attrs: SetAttentionAttributes;
}
