import { CompressedRows, int32Array, requireRange } from '@tfjs-sparse/core';

/** At most `n` of every `m` consecutive inputs are kept. */
export interface GroupRule {
  readonly n: number;
  readonly m: number;
}

export interface SparsityPatternOptions {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Consecutive outputs that share their pattern: 1, 2, 4 or 8; default 1. */
  readonly blockOutputs?: BlockOutputs;
  /**
   * States that of every `m` consecutive inputs (m 2, 4, 8 or 16; groups begin at 0; the last one may be shorter) exactly
   * `n` are kept, or all where the group has no more. Default: no such rule.
   */
  readonly groups?: GroupRule;
}

export type BlockOutputs = 1 | 2 | 4 | 8;

const blockSizes: readonly number[] = [1, 2, 4, 8];
const name = 'sparsityPattern';
let patternCount = 0;

const groupSizes: readonly number[] = [2, 4, 8, 16];

/**
 * Which weights of a matrix `[inFeatures, outFeatures]` are kept: compressed rows of blocks of `blockOutputs` consecutive
 * outputs by one input (the formats CSR and BSR of the transposed matrix). Immutable. The kept weights themselves are a
 * tensor `[blocks, blockOutputs]` in the order of `columns`; where `outFeatures` is no multiple of `blockOutputs`, the
 * last block's further weights take no part.
 */
export class SparsityPattern {
  /** Names the pattern in the keys of packed weights. */
  readonly id = patternCount++;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly blockOutputs: BlockOutputs;
  readonly groups: GroupRule | null;
  /** The kept blocks `[ceil(outFeatures / blockOutputs), inFeatures]`. */
  readonly blocks: CompressedRows;
  #transposed: TransposedPattern | null = null;

  /**
   * @param firstBlocks `[rows of blocks + 1]`: `starts`, copied
   * @param inputs      `[blocks]`: `columns`, copied
   * @throws RangeError that names what is wrong, TypeError for what is no array of numbers
   */
  constructor(firstBlocks: ArrayLike<number>, inputs: ArrayLike<number>, options: SparsityPatternOptions) {
    const { inFeatures, outFeatures, blockOutputs = 1, groups = null } = options;
    requireFeatureCounts(name, { inFeatures, outFeatures });
    const starts = int32Array(name, 'starts', firstBlocks).slice();
    const columns = int32Array(name, 'columns', inputs).slice();
    requireRange(blockSizes.includes(blockOutputs), name, 'blockOutputs must be 1, 2, 4 or 8', blockOutputs);
    const rows = Math.ceil(outFeatures / blockOutputs);
    requireRange(starts.length === rows + 1, name, `starts must have ${rows + 1} entries`, starts.length);
    requireRange(starts[0] === 0, name, 'starts must begin with 0', starts[0]);
    requireRange(starts[rows] === columns.length, name, `starts must end with ${columns.length}`, starts[rows]);
    for (let row = 0; row < rows; row++) {
      requireRange(starts[row] <= starts[row + 1], name, 'starts must ascend', [starts[row], starts[row + 1]]);
    }
    for (let row = 0; row < rows; row++) {
      requireColumns(columns.subarray(starts[row], starts[row + 1]), row, inFeatures);
      if (groups) requireGroups(columns.subarray(starts[row], starts[row + 1]), row, inFeatures, groups);
    }
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.blockOutputs = blockOutputs;
    this.groups = groups && { ...groups };
    this.blocks = CompressedRows.from([rows, inFeatures], starts, columns);
  }

  /** `[rows of blocks + 1]`: the first kept block of each row of blocks, and their number. */
  get starts(): Int32Array {
    return this.blocks.starts;
  }

  /** `[blocks]`: the input of each kept block, ascending within a row of blocks. */
  get columns(): Int32Array {
    return this.blocks.columns;
  }

  /** Kept blocks; each has `blockOutputs` weights. */
  get blockCount(): number {
    return this.blocks.entryCount;
  }

  /** Share of the weights that is not kept, 0 to 1. */
  get sparsity(): number {
    const { rowCount, columnCount, entryCount } = this.blocks;
    return rowCount * columnCount === 0 ? 0 : 1 - entryCount / (rowCount * columnCount);
  }

  /** The pattern of the transposed matrix, made on first use: what the gradient for x multiplies by. */
  transposed(): TransposedPattern {
    return (this.#transposed ??= transpose(this));
  }
}

export interface TransposedPattern {
  /** Of single weights: rows are the inputs, columns the outputs. */
  readonly pattern: SparsityPattern;
  /** Position of each of its weights in the flat `[blocks, blockOutputs]`. */
  readonly order: Int32Array;
}

/** Throws unless the sizes of a matrix of weights are whole numbers. */
export function requireFeatureCounts(
  op: string,
  { inFeatures, outFeatures }: Readonly<Record<'inFeatures' | 'outFeatures', number>>,
): void {
  for (const [role, count] of Object.entries({ inFeatures, outFeatures })) {
    requireRange(Number.isInteger(count) && count >= 0, op, `${role} must be a whole number`, count);
  }
}

/** Throws unless `groups` can be a rule. */
export function requireGroupRule({ n, m }: GroupRule, op: string): void {
  requireRange(groupSizes.includes(m), op, 'm must be 2, 4, 8 or 16', m);
  requireRange(Number.isInteger(n) && n >= 1 && n <= m, op, `n must be a whole number from 1 to ${m}`, n);
}

function requireColumns(columns: Int32Array, row: number, inFeatures: number): void {
  columns.forEach((column, i) => {
    requireRange(i === 0 || columns[i - 1] < column, name, `columns of row ${row} must ascend`, column);
    const isInside = column >= 0 && column < inFeatures;
    requireRange(isInside, name, `columns must be at least 0 and below ${inFeatures}`, column);
  });
}

function requireGroups(columns: Int32Array, row: number, inFeatures: number, groups: GroupRule): void {
  requireGroupRule(groups, name);
  const kept = new Int32Array(Math.ceil(inFeatures / groups.m));
  for (const column of columns) kept[Math.floor(column / groups.m)]++;
  kept.forEach((count, group) => {
    const expected = Math.min(groups.n, inFeatures - group * groups.m);
    requireRange(count === expected, name, `group ${group} of row ${row} must keep ${expected} inputs`, count);
  });
}

function transpose(pattern: SparsityPattern): TransposedPattern {
  const { inFeatures, outFeatures } = pattern;
  const { starts, columns, order } = singleWeights(pattern).transposed;
  const options = { inFeatures: outFeatures, outFeatures: inFeatures };
  return { pattern: new SparsityPattern(starts, columns, options), order: order! };
}

/** The kept weights one by one, `[outFeatures, inFeatures]`, with their positions in the flat `[blocks, blockOutputs]`. */
function singleWeights({ inFeatures, outFeatures, blockOutputs, blocks }: SparsityPattern): CompressedRows {
  if (blockOutputs === 1) return blocks;
  const starts = new Int32Array(outFeatures + 1);
  const columns: number[] = [];
  const order: number[] = [];
  for (let output = 0; output < outFeatures; output++) {
    const row = Math.floor(output / blockOutputs);
    for (let block = blocks.starts[row]; block < blocks.starts[row + 1]; block++) {
      columns.push(blocks.columns[block]);
      order.push(block * blockOutputs + (output % blockOutputs));
    }
    starts[output + 1] = columns.length;
  }
  const places = { order: Int32Array.from(order) };
  return CompressedRows.from([outFeatures, inFeatures], starts, Int32Array.from(columns), places);
}
