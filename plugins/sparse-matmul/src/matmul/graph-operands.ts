import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hostValues } from '@tfjs-sparse/core';
import { decodePattern } from '../pattern/stored-pattern.js';
import type { BlockOutputs, SparsityPattern } from '../pattern/sparsity-pattern.js';
import type { FusedActivation } from '@tfjs-sparse/core';

/** Attributes of graph nodes with sparse weights; their inputs are x, values, pattern words, and the bias where there is one. */
export type SparseNodeAttributes = {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly blockOutputs: BlockOutputs;
  /** 0 without a rule. */
  readonly groupKept: number;
  readonly groupSize: number;
  readonly hasBias: boolean;
  readonly activation: FusedActivation;
};

/** Patterns by the data of the words that they are decoded from; they live as long as the model's weight. */
const patterns = new WeakMap<object, SparsityPattern>();

/** @param inputs those behind x */
export function sparseOperands([values, words, bias]: readonly Tensor[], attributes: SparseNodeAttributes) {
  return {
    values: values as Tensor2D,
    pattern: patternOf(values, words, attributes),
    bias: attributes.hasBias ? (bias as Tensor1D) : undefined,
  };
}

function patternOf(values: Tensor, words: Tensor, attributes: SparseNodeAttributes): SparsityPattern {
  let pattern = patterns.get(words.dataId);
  if (pattern) return pattern;
  const { inFeatures, outFeatures, blockOutputs, groupKept, groupSize } = attributes;
  const groups = groupKept > 0 ? { n: groupKept, m: groupSize } : undefined;
  const host = hostValues(words, 'graphModel', 'pattern') as Int32Array;
  pattern = decodePattern(host, values.shape[0], { inFeatures, outFeatures, blockOutputs, groups });
  patterns.set(words.dataId, pattern);
  return pattern;
}
