import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { drawTensor } from '../oracle/tensor-source.js';
import type { Attributes, ExactTensor } from '../src/tensor-operation.js';
import { defineTensorCases } from './define-cases.js';
import {
  defineProduct,
  patternSource,
  productGradient,
  type PatternAttrs,
  type PatternCase,
  type ProductOptions,
} from './pattern-case.js';

declare module '../src/ops.js' {
  interface SparseOps {
    /** @param x `[batch, height, width, inChannels]`  @param values `[blocks, blockOutputs]` */
    sparseConv1x1?(
      x: Tensor4D,
      values: Tensor2D,
      pattern: PatternAttrs,
      options: ProductOptions<Tensor4D> & { readonly strides: readonly [number, number] },
    ): Tensor;
  }
}

interface ConvCase extends PatternCase {
  readonly strides: readonly [height: number, width: number];
}

export const sparseConv1x1 = defineTensorCases<ConvCase>(
  {
    op: 'sparse-conv1x1',
    needs: 'sparseConv1x1',
    forward: ({ x, values, bias, residual }, attrs, ops) =>
      ops.sparseConv1x1!(x as Tensor4D, values as Tensor2D, attrs as unknown as PatternAttrs, {
        bias: bias as ProductOptions['bias'],
        residual: residual as Tensor4D | undefined,
        activation: attrs.activation as 'relu' | undefined,
        strides: attrs.strides as [number, number],
      }),
    define: (inputs, attrs) => defineProduct({ ...inputs, x: taken(inputs.x, attrs).x }, attrs),
    gradient(dy, inputs, attrs) {
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
function taken(x: ExactTensor, { strides }: Attributes): { x: ExactTensor; elements: readonly number[] } {
  const [batch, height, width, channels] = x.shape;
  const [down, right] = strides as [number, number];
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
