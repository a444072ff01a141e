import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { sparseSeparableConv2D } from '@tfjs-sparse/sparse-matmul';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { ExactTensor, ExactTensors, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { defineDepthwise, depthwiseGradient, type DepthwiseAttrs } from './depthwise-conv2d.js';
import {
  defineProduct,
  patternOf,
  patternSource,
  productFields,
  productGradient,
  type ProductAttrs,
} from './shared/pattern-case.js';

interface SeparableAttrs extends ProductAttrs {
  readonly strides: number;
  readonly padding: 'same' | 'valid';
  readonly filterActivation: DepthwiseAttrs['activation'];
}

interface SeparableCase {
  /** `[batch, height, width, inChannels]` */
  readonly image: readonly [number, number, number, number];
  readonly kernel: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';
  readonly filterActivation: DepthwiseAttrs['activation'];
  readonly outChannels: number;
  readonly blockOutputs: 1 | 2 | 4 | 8;
  readonly activation?: 'relu' | 'relu6';
  readonly hasBiases: boolean;
  readonly hasResidual?: boolean;
  readonly seed: number;
}

const tolerance = { output: 1e-5, gradient: 1e-5, reason: 'float32 sums of at most 200 products of sums below 10' };

/** The inputs and attributes of the depthwise convolution alone. */
function depthwiseOf({ x, filter, filterBias }: ExactTensors, { strides, padding, filterActivation }: SeparableAttrs) {
  const inputs: ExactTensors = { x, filter, ...(filterBias ? { bias: filterBias } : {}) };
  return [inputs, { strides, padding, activation: filterActivation }] as const;
}

/** Those of the product alone. */
function productOf(image: ExactTensor, { values, bias, residual }: ExactTensors): ExactTensors {
  return { x: image, values, ...(bias && { bias }), ...(residual && { residual }) };
}

const separable: TensorOperation<SeparableAttrs> = {
  op: 'sparse-separable-conv2d',
  inputs: {
    x: 'float32',
    filter: 'float32',
    filterBias: 'float32',
    values: 'float32',
    bias: 'float32',
    residual: 'float32',
  },
  optional: ['filterBias', 'bias', 'residual'],
  outputs: { y: 'float32' },
  attributes: {
    ...productFields,
    strides: field.number,
    padding: field.oneOf('same', 'valid'),
    filterActivation: field.oneOf('linear', 'relu', 'relu6'),
  },
  forward({ x, filter, values, ...given }, { strides, padding, filterActivation, activation, ...pattern }) {
    const filterBias = given.filterBias as Tensor1D | undefined;
    const bias = given.bias as Tensor1D | undefined;
    const residual = given.residual as Tensor4D | undefined;
    const options = { strides, padding, filterActivation, activation, filterBias, bias, residual };
    const [image, weights] = [x as Tensor4D, filter as Tensor4D];
    return { y: sparseSeparableConv2D(image, weights, values as Tensor2D, patternOf(pattern), options) };
  },
  define: (inputs, attrs) => ({
    y: defineProduct(productOf(defineDepthwise(...depthwiseOf(inputs, attrs)), inputs), attrs),
  }),
  gradient({ y: dy }, inputs, attrs) {
    const [depthwiseInputs, depthwiseAttrs] = depthwiseOf(inputs, attrs);
    const image = defineDepthwise(depthwiseInputs, depthwiseAttrs);
    const { x: dImage, ...product } = productGradient(dy, productOf(image, inputs), attrs);
    const dDepthwise = { shape: image.shape, values: [...dImage] };
    const { bias, ...depthwise } = depthwiseGradient(dDepthwise, depthwiseInputs, depthwiseAttrs);
    return { ...depthwise, ...product, ...(bias ? { filterBias: bias } : {}) };
  },
};

export const operation = defineTensorCases<SeparableCase, SeparableAttrs>(
  separable,
  ({ image, kernel, strides, padding, filterActivation, outChannels, ...parameters }) => {
    const { blockOutputs, activation, hasBiases, hasResidual, seed } = parameters;
    const [batch, height, width, inChannels] = image;
    const shared = { rows: [1], inFeatures: inChannels, outFeatures: outChannels, density: 0.3, hasBias: hasBiases };
    const product = patternSource({ ...shared, blockOutputs, activation, seed });
    const { values, bias } = product.inputs;
    const lost = padding === 'same' ? 0 : kernel - 1;
    const outSize = (size: number) => Math.ceil((size - lost) / strides);
    const residual = drawTensor([batch, outSize(height), outSize(width), outChannels], seed + 9);
    const inputs = {
      x: drawTensor(image, seed + 5),
      filter: drawTensor([kernel, kernel, inChannels, 1], seed + 6),
      ...(hasBiases ? { filterBias: drawTensor([inChannels], seed + 7) } : {}),
      values,
      ...(hasBiases ? { bias } : {}),
      ...(hasResidual ? { residual } : {}),
    };
    const attrs = { ...product.attrs, strides, padding, filterActivation };
    return { tolerance, inputs, attrs, gradients: Object.keys(inputs), seed: seed + 8 };
  },
  (control) => [
    control('k3', {
      image: [1, 6, 7, 8],
      kernel: 3,
      strides: 1,
      padding: 'same',
      filterActivation: 'linear',
      outChannels: 12,
      blockOutputs: 1,
      hasBiases: true,
      seed: 5200,
    }),
    control.with('no-biases', { hasBiases: false }),
    control.with('relu-and-relu6', { filterActivation: 'relu', activation: 'relu6' }),
    control.with('relu6-and-relu', { filterActivation: 'relu6', activation: 'relu' }),
    control.with('stride-2', { strides: 2 }),
    control.with('valid', { padding: 'valid' }),
    control.with('blocks-of-2', { blockOutputs: 2 }),
    control.with('blocks-of-4', { blockOutputs: 4, outChannels: 10 }),
    control.with('blocks-of-8', { blockOutputs: 8 }),
    control.with('tiles-across-images', { image: [3, 5, 3, 4] }),
    control.with('one-pixel', { image: [1, 1, 1, 4] }),
    control.with('channels-not-multiple-of-4', { image: [1, 6, 7, 6] }),
    control.with('k5', { kernel: 5 }),
    control.with('residual', { hasResidual: true }),
    control.with('residual-relu6-stride-2', { hasResidual: true, strides: 2, activation: 'relu6', hasBiases: false }),
    control.with('residual-k5', { hasResidual: true, kernel: 5, padding: 'valid', activation: 'relu' }),
    control.with('no-images', { image: [0, 6, 7, 8] }),
  ],
);
