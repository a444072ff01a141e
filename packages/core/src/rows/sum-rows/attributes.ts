import type { CompressedRows } from '../compressed-rows.js';

export interface GatherRows {
  inputs: { x: 'float32' };
  outputs: { y: 'float32' };
  attrs: {
    /** With an `index`. */
    readonly rows: CompressedRows;
  };
}

export interface SumRowsAttrs {
  readonly rows: CompressedRows;
  /** Divides each sum by the number of its entries. */
  readonly isMean: boolean;
}

export interface SumRows {
  inputs: { x: 'float32'; values?: 'float32' };
  outputs: { y: 'float32' };
  attrs: SumRowsAttrs;
}
