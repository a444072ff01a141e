/** q `[batches, heads, 1, channels]`, bounds of pages `[batches, keyHeads, pages, channels]`. */
export interface Quest {
  inputs: { q: 'float32'; least: 'float32'; greatest: 'float32' };
  /** `[batches, lists, 1, count + 1]` */
  outputs: { pages: 'int32' };
  attrs: {
    /** A run of heads / lists heads shares a list. */
    readonly lists: number;
    /** Pages before the current one, at most all of them. */
    readonly count: number;
  };
}
