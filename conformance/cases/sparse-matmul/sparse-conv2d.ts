import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { sparseConv2D } from '@tfjs-sparse/sparse-matmul';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { ExactTensor, ExactTensors } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { patternOf, patternSource, productFields, type PatternCase, type ProductAttrs } from './shared/pattern-case.js';

type Pair = readonly [height: number, width: number];

interface Windows {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** A list is `[top, bottom, left, right]`. */
  readonly padding: 'same' | 'valid' | readonly number[];
  readonly channelGroups: number;
}

type ConvAttrs = ProductAttrs &
  Omit<Windows, 'padding'> & { readonly padding: 'same' | 'valid' | 'explicit'; readonly pads: readonly number[] };

/** `rows` is `[batch, height, width]`. */
type ConvCase = Omit<PatternCase, 'inFeatures'> & Windows & { readonly inChannels: number };

/** One meeting of an input element and a weight. */
interface Meeting {
  readonly y: number;
  readonly x: number;
  readonly weight: number;
}

export const operation = defineTensorCases<ConvCase, ConvAttrs>(
  {
    op: 'sparse-conv2d',
    inputs: { x: 'float32', values: 'float32', bias: 'float32', residual: 'float32' },
    optional: ['bias', 'residual'],
    outputs: { y: 'float32' },
    attributes: {
      ...productFields,
      kernelSize: field.pair,
      strides: field.pair,
      dilations: field.pair,
      padding: field.oneOf('same', 'valid', 'explicit'),
      pads: field.numbers,
      channelGroups: field.number,
    },
    forward({ x, values, bias, residual }, attrs) {
      const { kernelSize, strides, dilations, padding, pads, channelGroups, activation, ...pattern } = attrs;
      const [top, bottom, left, right] = pads;
      const y = sparseConv2D(x as Tensor4D, values as Tensor2D, patternOf(pattern), {
        bias: bias as Tensor1D | undefined,
        residual: residual as Tensor4D | undefined,
        activation,
        kernelSize,
        strides,
        dilations,
        padding:
          padding === 'explicit'
            ? [
                [0, 0],
                [top, bottom],
                [left, right],
                [0, 0],
              ]
            : padding,
        groups: channelGroups,
      });
      return { y };
    },
    define: (inputs, attrs) => ({ y: convolution(inputs, attrs) }),
    gradient({ y: dy }, inputs, attrs) {
      const { x, values } = inputs;
      const y = convolution(inputs, attrs).values;
      const { activation, outFeatures } = attrs;
      const passes = (i: number) => activation === undefined || (y[i] > 0 && (activation === 'relu' || y[i] < 6));
      const dySums = dy.values.map((value, i) => (passes(i) ? value : 0));
      const dx = new Array<number>(x.values.length).fill(0);
      const dValues = new Array<number>(values.values.length).fill(0);
      const dBias = new Array<number>(outFeatures).fill(0);
      dySums.forEach((value, i) => (dBias[i % outFeatures] += value));
      for (const meeting of meetings(x.shape, attrs)) {
        dx[meeting.x] += dySums[meeting.y] * values.values[meeting.weight];
        dValues[meeting.weight] += dySums[meeting.y] * x.values[meeting.x];
      }
      return { x: dx, values: dValues, bias: dBias, residual: dySums };
    },
  },
  ({ kernelSize, strides, dilations, padding, channelGroups, inChannels, ...parameters }) => {
    const inFeatures = (kernelSize[0] * kernelSize[1] * inChannels) / channelGroups;
    const source = patternSource({ ...parameters, inFeatures });
    const windows =
      typeof padding === 'string' ? { padding, pads: [] } : ({ padding: 'explicit', pads: padding } as const);
    const attrs = { ...source.attrs, kernelSize, strides, dilations, ...windows, channelGroups };
    const shape = [...parameters.rows, inChannels];
    const { residual, ...inputs } = source.inputs;
    const x = drawTensor(shape, parameters.seed + 1);
    const { nanAt = [], infiniteAt = [], scale = 1 } = parameters;
    const values = x.values.map((value, i) => {
      if (nanAt.includes(i)) return NaN;
      return infiniteAt.includes(i) ? Infinity : Math.fround(value * scale);
    });
    const ofOutput = residual && { residual: drawTensor(outShape(shape, attrs), parameters.seed + 9) };
    return { ...source, inputs: { ...inputs, x: { ...x, values }, ...ofOutput }, attrs };
  },
  (control) => [
    control('k3', {
      rows: [2, 6, 5],
      inChannels: 5,
      outFeatures: 9,
      kernelSize: [3, 3],
      strides: [1, 1],
      dilations: [1, 1],
      padding: 'same',
      channelGroups: 1,
      density: 0.3,
      seed: 9300,
    }),
    control.with('valid', { padding: 'valid' }),
    control.with('explicit-uneven', { padding: [2, 0, 1, 3] }),
    control.with('padded-beyond-the-filter', { padding: [4, 4, 5, 3] }),
    control.with('stride-2', { strides: [2, 2] }),
    control.with('strides-2-3-valid', { strides: [2, 3], padding: 'valid', rows: [2, 9, 11] }),
    control.with('dilation-2', { dilations: [2, 2] }),
    control.with('dilation-1-3-stride-2', { dilations: [1, 3], strides: [2, 2], padding: [1, 1, 3, 3] }),
    control.with('k5', { kernelSize: [5, 5], inChannels: 4 }),
    control.with('k7-stride-2', { kernelSize: [7, 7], inChannels: 3, strides: [2, 2], padding: [3, 3, 3, 3] }),
    control.with('k1x7', { kernelSize: [1, 7] }),
    control.with('k5x1', { kernelSize: [5, 1], padding: 'valid' }),
    control.with('even-k2-stride-2', { kernelSize: [2, 2], strides: [2, 2] }),
    control.with('k1', { kernelSize: [1, 1] }),
    control.with('blocks-of-2', { blockOutputs: 2 }),
    control.with('blocks-of-4', { blockOutputs: 4, outFeatures: 10 }),
    control.with('blocks-of-8', { blockOutputs: 8, outFeatures: 12 }),
    control.with('blocks-of-8-in-4-outputs', { blockOutputs: 8, outFeatures: 3 }),
    control.with('nm-2-4', { groups: { n: 2, m: 4 }, inChannels: 4 }),
    control.with('nm-1-4-blocks-of-4', { groups: { n: 1, m: 4 }, inChannels: 8, blockOutputs: 4, outFeatures: 8 }),
    control.with('groups-3', { channelGroups: 3, inChannels: 6 }),
    control.with('groups-2-blocks-of-4-stride-2', {
      channelGroups: 2,
      inChannels: 6,
      outFeatures: 16,
      blockOutputs: 4,
      strides: [2, 2],
    }),
    control.with('depthwise', { channelGroups: 6, inChannels: 6, outFeatures: 6, density: 0.6 }),
    control.with('bias-relu6', { hasBias: true, activation: 'relu6', scale: 9 }),
    control.with('residual', { hasResidual: true }),
    control.with('residual-bias-relu-stride-2', {
      hasResidual: true,
      hasBias: true,
      activation: 'relu',
      strides: [2, 2],
      blockOutputs: 4,
    }),
    control.with('rows-of-whole-tiles', { rows: [1, 3, 56], inChannels: 3, outFeatures: 5, hasResidual: true }),
    control.with('rows-in-two-tiles', { rows: [2, 2, 40], inChannels: 3, outFeatures: 33 }),
    control.with('several-chunks', { rows: [1, 3, 4], inChannels: 160, outFeatures: 5, density: 0.03 }),
    control.with('nothing-kept', { emptyRows: [0, 1, 2, 3, 4, 5, 6, 7, 8], hasBias: true }),
    control.with('empty-rows', { emptyRows: [0, 4, 8] }),
    control.with('nan-in-the-last-pixel', { nanAt: [299], padding: 'valid' }),
    control.with('infinite-in-a-corner', { infiniteAt: [0], hasGradients: false }),
    control.with('one-pixel', { rows: [1, 1, 1] }),
    control.with('no-images', { rows: [0, 6, 5] }),
  ],
);

/** The first pixel of the windows, and how many there are, along one axis. */
function placed(size: number, axis: 0 | 1, attrs: ConvAttrs): { readonly first: number; readonly count: number } {
  const stride = attrs.strides[axis];
  const reach = (attrs.kernelSize[axis] - 1) * attrs.dilations[axis] + 1;
  if (attrs.padding === 'same') {
    const count = Math.ceil(size / stride);
    const added = Math.max((count - 1) * stride + reach - size, 0);
    return { first: -Math.floor(added / 2), count };
  }
  const [before, behind] = attrs.padding === 'explicit' ? attrs.pads.slice(2 * axis) : [0, 0];
  return { first: -before, count: Math.floor((size + before + behind - reach) / stride) + 1 };
}

function outShape([batch, height, width]: readonly number[], attrs: ConvAttrs): number[] {
  return [batch, placed(height, 0, attrs).count, placed(width, 1, attrs).count, attrs.outFeatures];
}

/** Which elements of x meet which kept weights, for every element of y. */
function* meetings(xShape: readonly number[], attrs: ConvAttrs): Generator<Meeting> {
  const { kernelSize, strides, dilations, channelGroups, outFeatures, blockOutputs, starts, columns } = attrs;
  const [, height, width, channels] = xShape;
  const [batch, outHeight, outWidth] = outShape(xShape, attrs);
  const [firstRow, firstColumn] = [placed(height, 0, attrs).first, placed(width, 1, attrs).first];
  const groupIn = channels / channelGroups;
  const groupOut = outFeatures / channelGroups;
  let y = 0;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        for (let output = 0; output < outFeatures; output++, y++) {
          const blockRow = Math.floor(output / blockOutputs);
          for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
            const [tap, channel] = [Math.floor(columns[block] / groupIn), columns[block] % groupIn];
            const row = outRow * strides[0] + firstRow + Math.floor(tap / kernelSize[1]) * dilations[0];
            const column = outColumn * strides[1] + firstColumn + (tap % kernelSize[1]) * dilations[1];
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            const ofGroup = Math.floor(output / groupOut) * groupIn + channel;
            const x = ((image * height + row) * width + column) * channels + ofGroup;
            yield { y, x, weight: block * blockOutputs + (output % blockOutputs) };
          }
        }
      }
    }
  }
}

function convolution({ x, values, bias, residual }: ExactTensors, attrs: ConvAttrs): ExactTensor {
  const shape = outShape(x.shape, attrs);
  const sums = new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0);
  for (const meeting of meetings(x.shape, attrs))
    sums[meeting.y] += x.values[meeting.x] * values.values[meeting.weight];
  const limit = (sum: number) => {
    if (attrs.activation === undefined) return sum;
    return sum < 0 ? 0 : attrs.activation === 'relu6' && sum > 6 ? 6 : sum;
  };
  const finished = sums.map((sum, i) =>
    limit(sum + (bias ? bias.values[i % attrs.outFeatures] : 0) + (residual ? residual.values[i] : 0)),
  );
  return { shape, values: finished };
}
