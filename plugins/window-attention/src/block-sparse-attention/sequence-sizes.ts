interface Shaped {
  readonly shape: readonly number[];
}

export interface SequenceSizes {
  readonly batches: number;
  readonly heads: number;
  /** Of k and v; a run of heads / keyHeads query heads shares one. */
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly channels: number;
  readonly valueChannels: number;
}

/** The sizes of `[batches, heads, tokens, channels]` operands. */
export function sequenceSizes({ q, v }: Readonly<Record<'q' | 'v', Shaped>>): SequenceSizes {
  const [batches, heads, queries, channels] = q.shape;
  const [, keyHeads, keys, valueChannels] = v.shape;
  return { batches, heads, keyHeads, queries, keys, channels, valueChannels };
}
