import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { sparseConv1x1 } from '@tfjs-sparse/sparse-matmul';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { ExactTensor } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import {
  defineProduct,
  patternOf,
  patternSource,
  productFields,
  productGradient,
  type PatternCase,
  type ProductAttrs,
} from './shared/pattern-case.js';

interface ConvAttrs extends ProductAttrs {
  readonly strides: readonly [height: number, width: number];
}

type ConvCase = PatternCase & Pick<ConvAttrs, 'strides'>;

export const operation = defineTensorCases<ConvCase, ConvAttrs>(
  {
    op: 'sparse-conv1x1',
    inputs: { x: 'float32', values: 'float32', bias: 'float32', residual: 'float32' },
    optional: ['bias', 'residual'],
    outputs: { y: 'float32' },
    attributes: { ...productFields, strides: field.pair },
    forward({ x, values, bias, residual }, { strides, activation, ...pattern }) {
      const tensors = { bias: bias as Tensor1D | undefined, residual: residual as Tensor4D | undefined };
      const options = { ...tensors, activation, strides };
      return { y: sparseConv1x1(x as Tensor4D, values as Tensor2D, patternOf(pattern), options) };
    },
    define: (inputs, attrs) => ({ y: defineProduct({ ...inputs, x: taken(inputs.x, attrs).x }, attrs) }),
    gradient({ y: dy }, inputs, attrs) {
      const { x, elements } = taken(inputs.x, attrs);
      const gradients = productGradient(dy, { ...inputs, x }, attrs);
      const dx = new Array<number>(inputs.x.values.length).fill(0);
      elements.forEach((element, i) => (dx[element] = gradients.x[i]));
      return { ...gradients, x: dx };
    },
  },
  ({ strides, ...parameters }) => {
    const source = patternSource(parameters);
    const { residual, ...inputs } = source.inputs;
    const [batch, height, width] = parameters.rows;
    const shape = [batch, Math.ceil(height / strides[0]), Math.ceil(width / strides[1]), parameters.outFeatures];
    const ofStrided = residual && { residual: drawTensor(shape, parameters.seed + 9) };
    return { ...source, inputs: { ...inputs, ...ofStrided }, attrs: { ...source.attrs, strides } };
  },
  (control) => [
    control('image', { rows: [2, 5, 4], inFeatures: 6, outFeatures: 9, density: 0.4, strides: [1, 1], seed: 1200 }),
    control.with('strides-2', { strides: [2, 2] }),
    control.with('strides-3-1', { strides: [3, 1] }),
    control.with('one-pixel', { rows: [1, 1, 1] }),
    control.with('no-images', { rows: [0, 5, 4] }),
    control.with('block-8-bias-relu6', {
      blockOutputs: 8,
      outFeatures: 16,
      hasBias: true,
      activation: 'relu6',
      scale: 9,
    }),
    control.with('residual', { hasResidual: true }),
    control.with('residual-bias-relu-strides-2', {
      strides: [2, 2],
      hasBias: true,
      hasResidual: true,
      activation: 'relu',
    }),
    control.with('28x28', { rows: [1, 28, 28], inFeatures: 8, outFeatures: 8, hasGradients: false }),
  ],
);

/** The pixels that the strides take, and which elements of x they are. */
function taken(x: ExactTensor, { strides: [down, right] }: ConvAttrs): { x: ExactTensor; elements: readonly number[] } {
  const [batch, height, width, channels] = x.shape;
  const shape = [batch, Math.ceil(height / down), Math.ceil(width / right), channels];
  const elements: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < height; row += down) {
      for (let column = 0; column < width; column += right) {
        const first = ((image * height + row) * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) elements.push(first + channel);
      }
    }
  }
  return { x: { shape, values: elements.map((element) => x.values[element]) }, elements };
}
