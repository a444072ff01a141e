import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { depthwiseConv2D } from '@tfjs-sparse/sparse-matmul';
import { drawTensor, type SourceTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { ExactTensor, ExactTensors, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

/** A list is `[[0, 0], [top, bottom], [left, right], [0, 0]]`. */
type ImagePadding = 'same' | 'valid' | number | [Pair, Pair, Pair, Pair];
type Pair = [number, number];

export interface DepthwiseAttrs {
  readonly strides: number | Pair;
  readonly padding: ImagePadding;
  readonly activation: 'linear' | 'relu' | 'relu6';
}

interface DepthwiseCase extends DepthwiseAttrs {
  /** `[batch, height, width, channels]` */
  readonly image: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  readonly hasBias: boolean;
  readonly hasResidual?: boolean;
  readonly nanAt?: number;
  /** For images so large that their golden would be. */
  readonly isForwardOnly?: boolean;
  readonly seed: number;
}

const tolerance = { output: 1e-6, gradient: 2e-6, reason: 'float32 sums of at most 200 products below 1' };

/** Output size and zeros before the first row or column, as TensorFlow defines 'same' and 'valid'. */
function axisGeometry(size: number, kernel: number, stride: number, padding: ImagePadding, axis: 1 | 2) {
  if (padding === 'same') {
    const output = Math.ceil(size / stride);
    return { output, before: Math.floor(Math.max((output - 1) * stride + kernel - size, 0) / 2) };
  }
  const [before, after] =
    padding === 'valid' ? [0, 0] : typeof padding === 'number' ? [padding, padding] : padding[axis];
  return { output: Math.floor((size + before + after - kernel) / stride) + 1, before };
}

/** Calls `visit` with the flat indices of every product: y[out] += x[input] * filter[weight]. */
function eachProduct(
  { x, filter }: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  { strides, padding }: DepthwiseAttrs,
  visit: (out: number, input: number, weight: number) => void,
): readonly number[] {
  const [batch, height, width, channels] = x.shape;
  const [filterHeight, filterWidth] = filter.shape;
  const [down, right] = typeof strides === 'number' ? [strides, strides] : strides;
  const rows = axisGeometry(height, filterHeight, down, padding, 1);
  const columns = axisGeometry(width, filterWidth, right, padding, 2);
  const shape = [batch, rows.output, columns.output, channels];
  for (let out = 0; out < shape.reduce((product, size) => product * size, 1); out++) {
    const channel = out % channels;
    const column = Math.floor(out / channels) % columns.output;
    const row = Math.floor(out / (channels * columns.output)) % rows.output;
    const image = Math.floor(out / (channels * columns.output * rows.output));
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        const [inRow, inColumn] = [row * down + i - rows.before, column * right + j - columns.before];
        if (inRow < 0 || inRow >= height || inColumn < 0 || inColumn >= width) continue;
        const input = ((image * height + inRow) * width + inColumn) * channels + channel;
        visit(out, input, (i * filterWidth + j) * channels + channel);
      }
    }
  }
  return shape;
}

function sumsOf(inputs: ExactTensors, attrs: DepthwiseAttrs): ExactTensor {
  const channels = inputs.x.shape[3];
  const sums: number[] = [];
  const shape = eachProduct(inputs, attrs, (out, input, weight) => {
    sums[out] = (sums[out] ?? 0) + inputs.x.values[input] * inputs.filter.values[weight];
  });
  const values = Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    (_, out) =>
      (sums[out] ?? 0) + (inputs.bias ? inputs.bias.values[out % channels] : 0) + (inputs.residual?.values[out] ?? 0),
  );
  return { shape, values };
}

function activated(sum: number, activation: DepthwiseAttrs['activation']): number {
  if (activation === 'linear' || Number.isNaN(sum)) return sum;
  return Math.min(Math.max(sum, 0), activation === 'relu6' ? 6 : Infinity);
}

/** The convolution, in float64. */
export function defineDepthwise(inputs: ExactTensors, attrs: DepthwiseAttrs): ExactTensor {
  const { shape, values } = sumsOf(inputs, attrs);
  return { shape, values: values.map((sum) => activated(sum, attrs.activation)) };
}

/** Of sum(y * dy) to x, filter, bias and residual. */
export function depthwiseGradient(
  dy: ExactTensor,
  inputs: ExactTensors,
  attrs: DepthwiseAttrs,
): Record<string, number[]> {
  const sums = sumsOf(inputs, attrs).values;
  const dSums = dy.values.map((value, out) => {
    const isClamped = sums[out] <= 0 || (attrs.activation === 'relu6' && sums[out] >= 6);
    return attrs.activation !== 'linear' && (isClamped || Number.isNaN(sums[out])) ? 0 : value;
  });
  const x = inputs.x.values.map(() => 0);
  const filter = inputs.filter.values.map(() => 0);
  eachProduct(inputs, attrs, (out, input, weight) => {
    x[input] += dSums[out] * inputs.filter.values[weight];
    filter[weight] += dSums[out] * inputs.x.values[input];
  });
  if (!inputs.bias) return { x, filter, residual: dSums };
  const bias = inputs.bias.values.map(() => 0);
  dSums.forEach((value, out) => (bias[out % bias.length] += value));
  return { x, filter, bias, residual: dSums };
}

const paddingField: field.Field<ImagePadding> = (value, where) => {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return field.oneOf('same', 'valid')(value, where);
  const pairs = field.listOf(field.pair)(value, where);
  if (pairs.length !== 4) throw new RangeError(`${where} must be 4 pairs (one per axis), got ${pairs.length}`);
  const [batch, rows, columns, channels] = pairs;
  return [batch, rows, columns, channels];
};

const depthwiseOperation: TensorOperation<DepthwiseAttrs> = {
  op: 'depthwise-conv2d',
  inputs: { x: 'float32', filter: 'float32', bias: 'float32', residual: 'float32' },
  optional: ['bias', 'residual'],
  outputs: { y: 'float32' },
  attributes: {
    strides: field.either(field.number, (value) => typeof value === 'number', field.pair),
    padding: paddingField,
    activation: field.oneOf('linear', 'relu', 'relu6'),
  },
  forward({ x, filter, bias, residual }, attrs) {
    const options = { ...attrs, bias: bias as Tensor1D | undefined, residual: residual as Tensor4D | undefined };
    return { y: depthwiseConv2D(x as Tensor4D, filter as Tensor4D, options) };
  },
  define: (inputs, attrs) => ({ y: defineDepthwise(inputs, attrs) }),
  gradient: ({ y }, inputs, attrs) => depthwiseGradient(y, inputs, attrs),
};

export const operation = defineTensorCases<DepthwiseCase, DepthwiseAttrs>(
  depthwiseOperation,
  ({ image, kernel, hasBias, hasResidual, nanAt, isForwardOnly, seed, strides, padding, activation }) => {
    const drawn = drawTensor(image, seed);
    const x = { ...drawn, values: drawn.values.map((value, index) => (index === nanAt ? NaN : value)) };
    const filter = drawTensor([...kernel, image[3], 1], seed + 1);
    const inputs: Record<string, SourceTensor> = { x, filter };
    if (hasBias) inputs.bias = drawTensor([image[3]], seed + 2);
    const shape = eachProduct(inputs, { strides, padding, activation }, () => {});
    if (hasResidual) inputs.residual = drawTensor(shape, seed + 9);
    return {
      tolerance,
      inputs,
      attrs: { strides, padding, activation },
      // A NaN in x reaches the filter's gradient through every place that sees it.
      gradients: nanAt === undefined && !isForwardOnly ? Object.keys(inputs) : [],
      seed: seed + 3,
    };
  },
  (control) => [
    control('k3', {
      image: [2, 5, 6, 8],
      kernel: [3, 3],
      strides: 1,
      padding: 'same',
      activation: 'linear',
      hasBias: true,
      seed: 5000,
    }),
    control.with('k3-valid', { padding: 'valid' }),
    control.with('k3-no-bias', { hasBias: false }),
    control.with('k3-relu', { activation: 'relu' }),
    control.with('k3-relu6', { activation: 'relu6' }),
    control.with('k3-stride-2', { strides: 2 }),
    control.with('k3-stride-2-even-size', { strides: 2, image: [1, 8, 8, 4] }),
    control.with('k3-stride-3', { strides: 3 }),
    control.with('k3-strides-differ', { strides: [1, 2] }),
    control.with('k3-explicit-padding', { padding: [[0, 0], [2, 0], [1, 3], [0, 0]] }), // prettier-ignore
    control.with('k3-padding-beyond-the-window', { padding: 3 }),
    control.with('k3-channels-not-multiple-of-4', { image: [1, 5, 6, 7] }),
    control.with('k3-more-than-16-channels', { image: [1, 5, 6, 20] }),
    control.with('k3-width-of-block', { image: [1, 3, 4, 4] }),
    control.with('k3-one-pixel', { image: [3, 1, 1, 4] }),
    control.with('k3-one-column', { image: [1, 9, 1, 4] }),
    control.with('k5', { kernel: [5, 5] }),
    control.with('k5-stride-2', { kernel: [5, 5], strides: 2 }),
    control.with('k5-more-than-16-channels', { kernel: [5, 5], image: [1, 6, 5, 19], activation: 'relu6' }),
    control.with('k7-stride-3', { kernel: [7, 7], strides: 3 }),
    control.with('k1', { kernel: [1, 1] }),
    control.with('k1-stride-2', { kernel: [1, 1], strides: 2 }),
    control.with('k2x4', { kernel: [2, 4] }),
    control.with('kernel-as-large-as-image', { kernel: [5, 6], padding: 'valid' }),
    control.with('bands-of-rows', { kernel: [5, 3], image: [1, 34, 64, 1], isForwardOnly: true }),
    control.with('k3-residual', { hasResidual: true }),
    control.with('k3-residual-relu6', { hasResidual: true, activation: 'relu6', hasBias: false }),
    control.with('k5-residual-relu', {
      hasResidual: true,
      activation: 'relu',
      kernel: [5, 5],
      image: [2, 6, 5, 19],
      strides: 2,
    }),
    control.with('no-images', { image: [0, 5, 6, 8] }),
    control.with('no-channels', { image: [2, 5, 6, 0] }),
    control.with('nan', { nanAt: 100 }),
    control.with('nan-relu', { nanAt: 100, activation: 'relu' }),
    control.with('nan-k5-relu6', { nanAt: 100, activation: 'relu6', kernel: [5, 5] }),
  ],
);
