import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { drawTensor } from '../oracle/tensor-source.js';
import type { ImageConvOptions } from '../src/ops.js';
import type { Attributes, ExactTensor, TensorOperation } from '../src/tensor-operation.js';
import { defineTensorCases } from './define-cases.js';
import { depthwiseOperation } from './depthwise-conv2d.js';
import { defineProduct, patternSource, productGradient, type PatternAttrs } from './pattern-case.js';

declare module '../src/ops.js' {
  interface SparseOps {
    /** `sparseConv1x1` of `depthwiseConv2D`. */
    sparseSeparableConv2D?(
      x: Tensor4D,
      filter: Tensor4D,
      values: Tensor2D,
      pattern: PatternAttrs,
      options: SeparableOptions,
    ): Tensor4D;
  }
  interface SeparableOptions {
    readonly strides: number;
    readonly padding: 'same' | 'valid';
    readonly filterBias: Tensor1D | undefined;
    readonly filterActivation: 'linear' | 'relu' | 'relu6';
    readonly bias: Tensor1D | undefined;
    readonly residual: Tensor4D | undefined;
    readonly activation: 'relu' | 'relu6' | undefined;
  }
}

interface SeparableCase {
  /** `[batch, height, width, inChannels]` */
  readonly image: readonly [number, number, number, number];
  readonly kernel: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';
  readonly filterActivation: ImageConvOptions['activation'];
  readonly outChannels: number;
  readonly blockOutputs: 1 | 2 | 4 | 8;
  readonly activation?: 'relu' | 'relu6';
  readonly hasBiases: boolean;
  readonly hasResidual?: boolean;
  readonly seed: number;
}

const tolerance = { output: 1e-5, gradient: 1e-5, reason: 'float32 sums of at most 200 products of sums below 10' };

type Inputs = Readonly<Record<string, ExactTensor>>;

/** The inputs and attributes of the depthwise convolution alone. */
function depthwiseOf({ x, filter, filterBias }: Inputs, { strides, padding, filterActivation }: Attributes) {
  const inputs: Inputs = { x, filter, ...(filterBias ? { bias: filterBias } : {}) };
  return [inputs, { strides, padding, activation: filterActivation }] as const;
}

/** Those of the product alone. */
function productOf(image: ExactTensor, { values, bias, residual }: Inputs): Inputs {
  return { x: image, values, ...(bias && { bias }), ...(residual && { residual }) };
}

const operation: TensorOperation = {
  op: 'sparse-separable-conv2d',
  needs: 'sparseSeparableConv2D',
  forward: ({ x, filter, filterBias, values, bias, residual }, attrs, ops) => {
    const { strides, padding, filterActivation, activation } = attrs as unknown as SeparableCase;
    return ops.sparseSeparableConv2D!(
      x as Tensor4D,
      filter as Tensor4D,
      values as Tensor2D,
      attrs as unknown as PatternAttrs,
      {
        strides,
        padding,
        filterActivation,
        activation,
        filterBias: filterBias as Tensor1D | undefined,
        bias: bias as Tensor1D | undefined,
        residual: residual as Tensor4D | undefined,
      },
    );
  },
  define: (inputs, attrs) =>
    defineProduct(productOf(depthwiseOperation.define(...depthwiseOf(inputs, attrs)), inputs), attrs),
  gradient(dy, inputs, attrs) {
    const [depthwiseInputs, depthwiseAttrs] = depthwiseOf(inputs, attrs);
    const image = depthwiseOperation.define(depthwiseInputs, depthwiseAttrs);
    const { x: dImage, ...product } = productGradient(dy, productOf(image, inputs), attrs);
    const dDepthwise = { shape: image.shape, values: [...dImage] };
    const { bias, ...depthwise } = depthwiseOperation.gradient!(dDepthwise, depthwiseInputs, depthwiseAttrs);
    return { ...depthwise, ...product, ...(bias ? { filterBias: bias } : {}) };
  },
};

export const sparseSeparableConv2D = defineTensorCases<SeparableCase>(
  operation,
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
