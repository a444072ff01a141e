import { add, relu, relu6, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { hostValues, type Epilogue, type FusedActivation } from '@tfjs-sparse/core';
import { decodePattern } from '../pattern/stored-pattern.js';
import type { BlockOutputs, SparsityPattern } from '../pattern/sparsity-pattern.js';

/** Attributes of graph nodes with sparse weights; their inputs are x, values, pattern words, bias and residual where they have them. */
export type SparseNodeAttributes = {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly blockOutputs: BlockOutputs;
  /** 0 without a rule. */
  readonly groupKept: number;
  readonly groupSize: number;
  readonly hasBias: boolean;
  /** Absent in models of versions without it. */
  readonly hasResidual?: boolean;
  readonly activation: FusedActivation;
};

/** What was decoded of weights, by their data and what else decoding asks; it lives as long as the model's weight. */
const decoded = new WeakMap<object, Map<string, unknown>>();

/** Decodes a weight once. @param key all that the result depends on besides the data; of one op alone */
export function decodedOnce<T>({ dataId }: Tensor, key: string, decode: () => T): T {
  let ofData = decoded.get(dataId);
  if (!ofData) decoded.set(dataId, (ofData = new Map()));
  if (!ofData.has(key)) ofData.set(key, decode());
  return ofData.get(key) as T;
}

/** @param inputs those behind x */
export function sparseOperands([values, words, ...added]: readonly Tensor[], attributes: SparseNodeAttributes) {
  return {
    values: values as Tensor2D,
    pattern: patternOf(values, words, attributes),
    epilogue: {
      bias: attributes.hasBias ? (added[0] as Tensor1D) : undefined,
      residual: attributes.hasResidual ? added[added.length - 1] : undefined,
      activation: attributes.activation,
    },
  };
}

/**
 * Runs a product with its epilogue. Where the residual has another shape than the product, it is added as graphs add: the
 * shapes are broadcast.
 */
export function runWithEpilogue<T extends Tensor>(
  epilogue: Epilogue,
  shapeOf: () => readonly number[],
  run: (epilogue: Epilogue<T>) => T,
): Tensor {
  const { bias, residual, activation } = epilogue;
  const isFitting = !residual || String(residual.shape) === String(shapeOf());
  if (isFitting) return run(epilogue as Epilogue<T>);
  return tidy(() => {
    const sums = add(run({ bias }), residual);
    if (activation === 'linear' || activation === undefined) return sums;
    return activation === 'relu' ? relu(sums) : relu6(sums);
  });
}

function patternOf(values: Tensor, words: Tensor, attributes: SparseNodeAttributes): SparsityPattern {
  const { inFeatures, outFeatures, blockOutputs, groupKept, groupSize } = attributes;
  const [blockCount] = values.shape;
  const key = ['pattern', blockCount, inFeatures, outFeatures, blockOutputs, groupKept, groupSize].join();
  return decodedOnce(words, key, () => {
    const groups = groupKept > 0 ? { n: groupKept, m: groupSize } : undefined;
    const host = hostValues(words, 'graphModel', 'pattern');
    return decodePattern(host, blockCount, { inFeatures, outFeatures, blockOutputs, groups });
  });
}
