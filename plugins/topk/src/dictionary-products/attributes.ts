import type { EntryLayout } from '../k-sparse/entry-layout.js';

interface OfEntries {
  readonly layout: EntryLayout;
}

// Shapes: values and indices [entries], dictionary [features, width], x [rows, width].

/** `y[row] = bias + sum of value * dictionary[feature]` over the entries of the row: `[rows, width]`. */
export interface SparseDecode {
  inputs: { values: 'float32'; indices: 'int32'; dictionary: 'float32'; bias?: 'float32' };
  outputs: { y: 'float32' };
  attrs: OfEntries;
}

/** `value[entry] = x[row] * dictionary[feature] + bias[feature]`: `[entries]`; bias `[features]`. */
export interface SparseEncode {
  inputs: { x: 'float32'; dictionary: 'float32'; indices: 'int32'; bias?: 'float32' };
  outputs: { values: 'float32' };
  attrs: OfEntries;
}

/** `gradient[feature] = sum of value * x[row]` over the entries of the feature: `[features, width]`. */
export interface DictionaryGradient {
  inputs: { values: 'float32'; indices: 'int32'; x: 'float32' };
  outputs: { gradient: 'float32' };
  attrs: OfEntries;
}

/** `sums[feature]`: of the values of its entries, `[features]`. */
export interface FeatureSums {
  inputs: { values: 'float32'; indices: 'int32' };
  outputs: { sums: 'float32' };
  attrs: OfEntries;
}
