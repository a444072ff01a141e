import { requireRange } from '@tfjs-sparse/core';

export interface SparsityPatternOptions {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Consecutive outputs that share their pattern: 1, 2, 4 or 8; default 1. */
  readonly blockOutputs?: BlockOutputs;
}

export type BlockOutputs = 1 | 2 | 4 | 8;

const blockSizes: readonly number[] = [1, 2, 4, 8];
const name = 'sparsityPattern';

/**
 * Which weights of a matrix `[inFeatures, outFeatures]` are kept: compressed rows of blocks of `blockOutputs` consecutive
 * outputs by one input (the formats CSR and BSR of the transposed matrix). Immutable. The kept weights themselves are a
 * tensor `[blocks, blockOutputs]` in the order of `columns`; where `outFeatures` is no multiple of `blockOutputs`, the
 * last block's further weights are 0.
 */
export class SparsityPattern {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly blockOutputs: BlockOutputs;
  /** `[ceil(outFeatures / blockOutputs) + 1]`: the first kept block of each row of blocks, and their number. */
  readonly starts: Int32Array;
  /** `[blocks]`: the input of each kept block, ascending within a row of blocks. */
  readonly columns: Int32Array;

  constructor(starts: Int32Array, columns: Int32Array, options: SparsityPatternOptions) {
    const { inFeatures, outFeatures, blockOutputs = 1 } = options;
    requireRange(blockSizes.includes(blockOutputs), name, 'blockOutputs must be 1, 2, 4 or 8', blockOutputs);
    const rows = Math.ceil(outFeatures / blockOutputs);
    requireRange(starts.length === rows + 1, name, `starts must have ${rows + 1} entries`, starts.length);
    requireRange(starts[0] === 0, name, 'starts must begin with 0', starts[0]);
    requireRange(starts[rows] === columns.length, name, `starts must end with ${columns.length}`, starts[rows]);
    for (let row = 0; row < rows; row++) {
      requireRange(starts[row] <= starts[row + 1], name, 'starts must ascend', [starts[row], starts[row + 1]]);
      for (let i = starts[row]; i < starts[row + 1]; i++) {
        const isAscending = i === starts[row] || columns[i - 1] < columns[i];
        requireRange(isAscending, name, `columns of row ${row} must ascend`, columns[i]);
        const isInside = columns[i] >= 0 && columns[i] < inFeatures;
        requireRange(isInside, name, `columns must be at least 0 and below ${inFeatures}`, columns[i]);
      }
    }
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.blockOutputs = blockOutputs;
    this.starts = starts;
    this.columns = columns;
  }

  /** Kept blocks; each has `blockOutputs` weights. */
  get blockCount(): number {
    return this.columns.length;
  }

  /** Share of the weights that is not kept, 0 to 1. */
  get sparsity(): number {
    const rows = this.starts.length - 1;
    return rows * this.inFeatures === 0 ? 0 : 1 - this.blockCount / (rows * this.inFeatures);
  }
}
