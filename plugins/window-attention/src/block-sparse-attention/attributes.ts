import type { AttentionMask } from '../attention-masks/attention-mask.js';

interface Attributes {
  readonly mask: AttentionMask;
  /** Tokens of q, and of k and v. */
  readonly queries: number;
  readonly keys: number;
  /** What products of queries and keys are multiplied with. */
  readonly scale: number;
}

/** q `[batches, heads, queries, channels]`, k `[batches, keyHeads, keys, channels]`, v `[batches, keyHeads, keys, valueChannels]` */
interface Operands {
  q: 'float32';
  k: 'float32';
  v: 'float32';
}

export interface BlockSparseAttention {
  inputs: Operands;
  /**
   * y `[batches, heads, queries, valueChannels]`; logSumExp `[batches, heads, queries]` of the scores, natural, -Infinity
   * where a query sees no key
   */
  outputs: { y: 'float32'; logSumExp: 'float32' };
  attrs: Attributes;
}

export interface BlockSparseAttentionGradient {
  inputs: Operands & { y: 'float32'; logSumExp: 'float32'; dy: 'float32' };
  outputs: { dq: 'float32'; dk: 'float32'; dv: 'float32' };
  attrs: Attributes;
}
