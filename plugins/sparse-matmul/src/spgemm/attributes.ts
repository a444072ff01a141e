import type { CompressedRows } from '@tfjs-sparse/core';

export interface Spgemm {
  inputs: { aValues: 'float32'; bValues: 'float32' };
  outputs: { values: 'float32' };
  attrs: {
    readonly a: CompressedRows;
    readonly b: CompressedRows;
    /** Where the product has entries. */
    readonly product: CompressedRows;
  };
}

/** For each pair of a row of x and a row of y, their dot product. */
export interface RowDots {
  inputs: { xValues: 'float32'; yValues: 'float32' };
  outputs: { dots: 'float32' };
  attrs: {
    readonly x: CompressedRows;
    readonly y: CompressedRows;
    /** Which pairs of a row of x and a row of y. */
    readonly pairs: CompressedRows;
  };
}
