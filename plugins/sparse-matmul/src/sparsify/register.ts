import { registerOp } from '@tensorflow/tfjs-converter';
import type { backend_util, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { hostValues } from '@tfjs-sparse/core';
import { sparseConv1x1 } from '../conv1x1/op.js';
import { depthwiseConv2D } from '../depthwise-conv2d/op.js';
import type { FusedActivation } from '../matmul/activation.js';
import { decodePattern } from '../pattern/stored-pattern.js';
import type { BlockOutputs, SparsityPattern } from '../pattern/sparsity-pattern.js';
import { sparseMatMul } from '../sparse-matmul/op.js';

/** Names of the ops of rewritten graphs in tfjs-converter's registry. */
export const graphOps = {
  matMul: 'TfjsSparseMatMul',
  conv1x1: 'TfjsSparseConv1x1',
  depthwise: 'TfjsSparseDepthwiseConv2D',
} as const;

/** Inputs: x, values, pattern words, then the bias where there is one. */
type SparseAttributes = {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly blockOutputs: BlockOutputs;
  /** 0 without a rule. */
  readonly groupKept: number;
  readonly groupSize: number;
  readonly hasBias: boolean;
  readonly activation: FusedActivation;
  readonly strides: [height: number, width: number];
};

/** Inputs: x, filter, and the bias where there is one. */
type DepthwiseAttributes = {
  readonly hasBias: boolean;
  readonly activation: FusedActivation;
  readonly strides: [height: number, width: number];
  readonly padding: 'same' | 'valid' | 'explicit';
  /** `[top, bottom, left, right]`. */
  readonly pads: [number, number, number, number];
};

/** Patterns by the data of the words that they are decoded from; they live as long as the model's weight. */
const patterns = new WeakMap<object, SparsityPattern>();

registerOp(graphOps.matMul, (node) => {
  const attributes = node.attrs as SparseAttributes;
  const [x, values, words, bias] = node.inputs;
  return sparseMatMul(x, values as Tensor2D, patternOf(values, words, attributes), options(bias, attributes));
});

registerOp(graphOps.conv1x1, (node) => {
  const attributes = node.attrs as SparseAttributes;
  const [x, values, words, bias] = node.inputs;
  return sparseConv1x1(x as Tensor4D, values as Tensor2D, patternOf(values, words, attributes), {
    ...options(bias, attributes),
    strides: attributes.strides,
  });
});

registerOp(graphOps.depthwise, (node) => {
  const attributes = node.attrs as DepthwiseAttributes;
  const { strides, padding, pads } = attributes;
  const [x, filter, bias] = node.inputs;
  const [top, bottom, left, right] = pads;
  const explicit: backend_util.ExplicitPadding = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return depthwiseConv2D(x as Tensor4D, filter as Tensor4D, {
    ...options(bias, attributes),
    strides,
    padding: padding === 'explicit' ? explicit : padding,
  });
});

function options(bias: Tensor | undefined, { hasBias, activation }: SparseAttributes | DepthwiseAttributes) {
  return { bias: hasBias ? (bias as Tensor1D) : undefined, activation };
}

function patternOf(values: Tensor, words: Tensor, attributes: SparseAttributes): SparsityPattern {
  let pattern = patterns.get(words.dataId);
  if (pattern) return pattern;
  const { inFeatures, outFeatures, blockOutputs, groupKept, groupSize } = attributes;
  const groups = groupKept > 0 ? { n: groupKept, m: groupSize } : undefined;
  const host = hostValues(words, 'sparsifyGraphModel', 'pattern') as Int32Array;
  pattern = decodePattern(host, values.shape[0], { inFeatures, outFeatures, blockOutputs, groups });
  patterns.set(words.dataId, pattern);
  return pattern;
}
