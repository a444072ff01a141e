import type { CompressedRows } from '../compressed-rows.js';

/** To which of equal greatest entries of a row a gradient goes: to the first (as in pooling), or to all in equal shares (torch.amax). */
export type Ties = 'first' | 'shared';

interface RowsAttrs {
  /** Without `order` where there are values. */
  readonly rows: CompressedRows;
}

export interface MaxRows {
  inputs: { x: 'float32'; values?: 'float32' };
  outputs: { y: 'float32' };
  attrs: RowsAttrs & { readonly ties: Ties };
}

/** Which entry of its row is the greatest of each channel, counted from the row's first; -1 without entries. */
export interface ArgmaxRows {
  inputs: { x: 'float32'; values?: 'float32' };
  outputs: { places: 'int32' };
  attrs: RowsAttrs;
}

/** Gives every `dy` to the column of its greatest entry. */
export interface MaxRowsGradient {
  inputs: { dy: 'float32'; places: 'int32'; values?: 'float32' };
  outputs: { dx: 'float32' };
  attrs: RowsAttrs;
}

/** Shares every `dy` among the columns of its greatest entries; for entries of weight 1. */
export interface SharedMaxRowsGradient {
  inputs: { dy: 'float32'; x: 'float32'; y: 'float32' };
  outputs: { dx: 'float32' };
  attrs: RowsAttrs;
}
