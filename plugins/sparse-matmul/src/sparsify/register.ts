import { registerOp } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { hostValues, type FusedActivation } from '@tfjs-sparse/core';
import { sparseConv1x1 } from '../conv1x1/op.js';
import { depthwiseConv2D } from '../depthwise-conv2d/op.js';
import type { Padding } from '../image-geometry.js';
import { decodePattern } from '../pattern/stored-pattern.js';
import type { BlockOutputs, SparsityPattern } from '../pattern/sparsity-pattern.js';
import { sparseSeparableConv2D } from '../separable-conv2d/op.js';
import { sparseMatMul } from '../sparse-matmul/op.js';

/** Names of the ops of rewritten graphs in tfjs-converter's registry. */
export const graphOps = {
  matMul: 'TfjsSparseMatMul',
  conv1x1: 'TfjsSparseConv1x1',
  depthwise: 'TfjsSparseDepthwiseConv2D',
  separable: 'TfjsSparseSeparableConv2D',
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
  /** Of convolutions. */
  readonly strides: [height: number, width: number];
};

/** Inputs: x, filter, and the bias where there is one. */
type DepthwiseAttributes = {
  readonly hasFilterBias: boolean;
  readonly filterActivation: FusedActivation;
  readonly filterStrides: [height: number, width: number];
  readonly padding: 'same' | 'valid' | 'explicit';
  /** `[top, bottom, left, right]`. */
  readonly pads: [number, number, number, number];
};

/** Patterns by the data of the words that they are decoded from; they live as long as the model's weight. */
const patterns = new WeakMap<object, SparsityPattern>();

registerOp(graphOps.matMul, (node) => {
  const attributes = node.attrs as SparseAttributes;
  const { values, pattern, bias } = sparseOperands(node.inputs.slice(1), attributes);
  return sparseMatMul(node.inputs[0], values, pattern, { bias, activation: attributes.activation });
});

registerOp(graphOps.conv1x1, (node) => {
  const attributes = node.attrs as SparseAttributes;
  const { activation, strides } = attributes;
  const { values, pattern, bias } = sparseOperands(node.inputs.slice(1), attributes);
  return sparseConv1x1(node.inputs[0] as Tensor4D, values, pattern, { bias, activation, strides });
});

registerOp(graphOps.depthwise, (node) => {
  const attributes = node.attrs as DepthwiseAttributes;
  const [x, filter, bias] = node.inputs as [Tensor4D, Tensor4D, Tensor1D];
  return depthwiseConv2D(x, filter, {
    bias: attributes.hasFilterBias ? bias : undefined,
    activation: attributes.filterActivation,
    strides: attributes.filterStrides,
    padding: paddingOf(attributes),
  });
});

/** Inputs: those of the depthwise convolution, then those of the product after its x. */
registerOp(graphOps.separable, (node) => {
  const attributes = node.attrs as SparseAttributes & DepthwiseAttributes;
  const { hasFilterBias, filterActivation, filterStrides, activation } = attributes;
  const [x, filter, filterBias] = node.inputs as [Tensor4D, Tensor4D, Tensor1D];
  const { values, pattern, bias } = sparseOperands(node.inputs.slice(hasFilterBias ? 3 : 2), attributes);
  return sparseSeparableConv2D(x, filter, values, pattern, {
    filterBias: hasFilterBias ? filterBias : undefined,
    filterActivation,
    strides: filterStrides,
    padding: paddingOf(attributes),
    bias,
    activation,
  });
});

function paddingOf({ padding, pads: [top, bottom, left, right] }: DepthwiseAttributes): Padding {
  if (padding !== 'explicit') return padding;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

function sparseOperands([values, words, bias]: readonly Tensor[], attributes: SparseAttributes) {
  return {
    values: values as Tensor2D,
    pattern: patternOf(values, words, attributes),
    bias: attributes.hasBias ? (bias as Tensor1D) : undefined,
  };
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
