import type { CompressedRows } from '../compressed-rows.js';

export interface EntryProducts {
  inputs: { a: 'float32'; b: 'float32'; places?: 'int32' };
  outputs: { products: 'float32' };
  attrs: { readonly rows: CompressedRows };
}
