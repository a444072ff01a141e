import type { EntryLayout } from '../k-sparse/entry-layout.js';

export interface EncodeTopK {
  /** x `[rows, width]`, dictionary `[features, width]`, bias `[features]` */
  inputs: { x: 'float32'; dictionary: 'float32'; bias?: 'float32' };
  /** `[rows * k]` each */
  outputs: { values: 'float32'; indices: 'int32' };
  attrs: { readonly layout: EntryLayout & { readonly k: number } };
}
