import { mod, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { runOp } from '@tfjs-sparse/core';
import type { EntryLayout } from '../k-sparse/entry-layout.js';
import { takeEntriesOp } from '../to-dense/definition.js';

/** The numbers of the entries' features, `[entries]`. @param ofFeatures `[features]` */
export function gatherFeatures(ofFeatures: Tensor, indices: Tensor, { features, k }: EntryLayout): Tensor {
  const places = k === null ? mod(indices, features) : reshape(indices, indices.shape);
  return runOp(takeEntriesOp, { x: ofFeatures, indices: places }, {}).values;
}
