import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hostValues, type FusedActivation } from '@tfjs-sparse/core';
import { decodePattern } from '../pattern/stored-pattern.js';
import type { BlockOutputs, SparsityPattern } from '../pattern/sparsity-pattern.js';

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

/** Patterns by the data of their words, then by what else decoding asks; they live as long as the model's weight. */
const patterns = new WeakMap<object, Map<string, SparsityPattern>>();

/** @param inputs those behind x */
export function sparseOperands([values, words, bias]: readonly Tensor[], attributes: SparseNodeAttributes) {
  return {
    values: values as Tensor2D,
    pattern: patternOf(values, words, attributes),
    bias: attributes.hasBias ? (bias as Tensor1D) : undefined,
  };
}

function patternOf(values: Tensor, words: Tensor, attributes: SparseNodeAttributes): SparsityPattern {
  const { inFeatures, outFeatures, blockOutputs, groupKept, groupSize } = attributes;
  const [blockCount] = values.shape;
  const key = [blockCount, inFeatures, outFeatures, blockOutputs, groupKept, groupSize].join();
  let decoded = patterns.get(words.dataId);
  if (!decoded) patterns.set(words.dataId, (decoded = new Map<string, SparsityPattern>()));
  let pattern = decoded.get(key);
  if (!pattern) {
    const groups = groupKept > 0 ? { n: groupKept, m: groupSize } : undefined;
    const host = hostValues(words, 'graphModel', 'pattern');
    pattern = decodePattern(host, blockCount, { inFeatures, outFeatures, blockOutputs, groups });
    decoded.set(key, pattern);
  }
  return pattern;
}
