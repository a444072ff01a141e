import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Rows of which only some entries are not 0: the value of each and its place in the row. Entries may stand in any order
 * (those of `topK` descend by value), and of two with one place the values add up. An index of -1 marks an entry that is
 * none: rows with fewer than k entries are filled up with the value 0 and the index -1.
 */
export interface KSparse {
  /** float32 `[..., k]` */
  readonly values: Tensor;
  /** int32 `[..., k]` */
  readonly indices: Tensor;
}
