import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { kSparseToDense } from '../to-dense/op.js';

/** The active features of some rows. */
export interface AutoencoderCode {
  readonly rows: number;
  readonly features: number;
  /** Of an activation that chooses by rank: `[rows, k]`, or, `isList`, one ascending list of all rows (`batchTopK`). */
  readonly entries: KSparse | null;
  readonly isList: boolean;
  /** `[rows, features]` of an activation that leaves open how many are active. */
  readonly dense: Tensor2D | null;
  /** `[rows, features]`, where the choice needed them: before relu and choice. */
  readonly preActivations: Tensor2D | null;
}

/** `[rows, features]` of either form. */
export function denseCode({ rows, features, entries, isList, dense }: AutoencoderCode): Tensor2D {
  if (!entries) return dense!;
  return kSparseToDense(entries, { width: features, rows: isList ? rows : undefined }) as Tensor2D;
}
