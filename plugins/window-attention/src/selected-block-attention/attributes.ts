interface Attributes {
  /** Tokens of a block; the last one may have fewer. */
  readonly queryBlock: number;
  readonly keyBlock: number;
  /** Whether queries see only keys up to their own place, the last query at the last key. */
  readonly isCausal: boolean;
  readonly scale: number;
}

/**
 * q, k and v as of blockSparseAttention; blocks `[batches, lists, ceil(queries / queryBlock), width]`: numbers of blocks of
 * keys, different ones; negative ones are none. A run of heads / lists query heads shares a list.
 */
interface Operands {
  q: 'float32';
  k: 'float32';
  v: 'float32';
  blocks: 'int32';
}

export interface SelectedBlockAttention {
  inputs: Operands;
  /** as of blockSparseAttention */
  outputs: { y: 'float32'; logSumExp: 'float32' };
  attrs: Attributes;
}

export interface SelectedBlockAttentionGradient {
  inputs: Operands & { y: 'float32'; logSumExp: 'float32'; dy: 'float32' };
  outputs: { dq: 'float32'; dk: 'float32'; dv: 'float32' };
  attrs: Attributes;
}
