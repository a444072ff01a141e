import type { CompressedRows } from '@tfjs-sparse/core';

export interface SumPoints {
  inputs: { points: 'float32' };
  outputs: { sums: 'float32' };
  attrs: {
    /** The points of each site. */
    readonly rows: CompressedRows;
    /** Divides the sum of each site by the number of its points. */
    readonly isMean: boolean;
  };
}
