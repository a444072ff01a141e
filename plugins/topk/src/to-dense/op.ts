import { tidy, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { requireEntries, requireEntryIndices } from '../dictionary-products/operands.js';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { takeEntriesOp, toDenseOp } from './definition.js';

export interface KSparseToDenseOptions {
  /** Of a dense row: how many places an entry can have. */
  readonly width: number;
  /** For entries of several rows in one list, as `batchTopK` gives them: how many rows there are. */
  readonly rows?: number;
}

/**
 * Dense rows with the entries' values at their places and 0 elsewhere; values of one place add up. Gradients go to the
 * values (a masked gradient: what was not chosen gets none).
 *
 * @param entries values and indices `[..., k]`, or `[entries]` with `rows`
 * @returns       float32 `[..., width]`, or `[rows, width]` with `rows`
 * @throws RangeError where shapes do not fit each other, an index is below -1 or none of the row's places, or those of a
 *         list do not ascend; TypeError for other than float32 and int32
 */
export function kSparseToDense(entries: KSparse, { width, rows }: KSparseToDenseOptions): Tensor {
  const { values, indices } = entries;
  requireType(indices.dtype === 'int32', 'kSparseToDense', 'indices must be int32', indices.dtype);
  requireRange(Number.isInteger(width) && width >= 0, 'kSparseToDense', 'width must be an integer from 0', width);
  requireEntries('kSparseToDense', entries);
  requireEntryIndices('kSparseToDense', indices, width, rows, 'width');
  return tidy(() => {
    const { dense } = runOp(toDenseOp, { values, indices }, { width: width * (rows ?? 1) });
    return rows === undefined ? dense : reshape(dense, [rows, width]);
  });
}

/** What stands in dense rows at the places of entries; 0 for the index -1. Gradients go to x. */
export function takeEntries(x: Tensor, indices: Tensor): Tensor {
  return runOp(takeEntriesOp, { x, indices }, {}).values;
}
