import { requireFormat } from '../../format-error.js';
import { convolution, type Windows } from '../../lowering/convolution.js';
import { reshape, transpose } from '../../lowering/layout.js';
import { transposedConvolution } from '../../lowering/transposed-convolution.js';
import type { Value } from '../../lowering/value.js';
import { activatedProduct } from '../fused-activation.js';
import { input, requireRank, sizesInput, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';
import { channelsFirst, channelsLast, padsOf, requireSteps } from './images.js';

// Fields of Conv2DOptions, DepthwiseConv2DOptions and TransposeConvOptions.
const windowFields = { padding: 0, strideWidth: 1, strideHeight: 2 };
const convolutionFields = { activation: 3, dilationWidth: 4, dilationHeight: 5 };
const depthwiseFields = { activation: 4, dilationWidth: 5, dilationHeight: 6 };
const transposedFields = { activation: 3 };

export const convolutionOps: Readonly<Record<string, TfliteOp>> = {
  /** Filters `[outChannels, height, width, inChannels / groups]`. */
  CONV_2D(operation) {
    const { builder } = operation;
    const [x, filter] = imagesAndFilter(operation, 0, 1);
    const [outChannels, , , ofGroup] = filter.shape as number[];
    const channels = x.shape[3];
    const groups = (channels as number) / ofGroup;
    const isFitting = Number.isInteger(groups) && outChannels % groups === 0;
    requireFormat(isFitting, 'readTflite', `the filter of CONV_2D must be of the ${channels} channels, or groups of them`, ofGroup); // prettier-ignore
    const windows = windowsOf(operation, x, filter.shape.slice(1, 3) as number[], convolutionFields);
    const weights = transpose(builder, filter, [0, 3, 1, 2]);
    const sums = convolution(builder, channelsFirst(builder, x), weights, null, { ...windows, groups });
    return channelsLast(builder, activatedProduct(operation, sums, operation.inputs[2] ?? null, convolutionFields.activation)); // prettier-ignore
  },
  /** A filter `[1, height, width, channels * multiplier]`. */
  DEPTHWISE_CONV_2D(operation) {
    const { builder } = operation;
    const [x, filter] = imagesAndFilter(operation, 0, 1);
    const [, height, width, outChannels] = filter.shape as number[];
    const channels = x.shape[3] as number;
    const isFitting = filter.shape[0] === 1 && outChannels % channels === 0;
    requireFormat(isFitting, 'readTflite', `the outputs of DEPTHWISE_CONV_2D must be a multiple of its ${channels} channels`, outChannels); // prettier-ignore
    const windows = windowsOf(operation, x, [height, width], depthwiseFields);
    const weights = transpose(builder, filter, [3, 0, 1, 2]);
    const options = { ...windows, groups: channels };
    const sums = convolution(builder, channelsFirst(builder, x), weights, null, options);
    return channelsLast(builder, activatedProduct(operation, sums, operation.inputs[2] ?? null, depthwiseFields.activation)); // prettier-ignore
  },
  /** Takes the shape of its output, filters `[outChannels, height, width, channels]`, images and a bias. */
  TRANSPOSE_CONV(operation) {
    const { builder, options } = operation;
    const [, height, width] = sizesInput(operation, 0);
    const [x, filter] = imagesAndFilter(operation, 2, 1);
    const kernel = filter.shape.slice(1, 3) as number[];
    const strides = [options.integer(windowFields.strideHeight), options.integer(windowFields.strideWidth)];
    requireSteps(operation, 'strides', strides);
    const wanted = [height, width];
    const pads = padsOf(operation, windowFields.padding, wanted, kernel, strides, [1, 1]);
    const outputPads = kernel.map((size, i) => {
      const [from, to] = [x.shape[1 + i], wanted[i]];
      const areKnown = typeof from === 'number' && typeof to === 'number';
      requireFormat(areKnown, 'readTflite', 'TRANSPOSE_CONV must have places of a known size', `${from} to ${to}`);
      const more = to - ((from - 1) * strides[i] + size - pads[i][0] - pads[i][1]);
      requireFormat(more >= 0 && more < strides[i] + size, 'readTflite', `TRANSPOSE_CONV must reach the ${to} places of its output`, to - more); // prettier-ignore
      return more;
    });
    requireFormat(filter.shape[3] === x.shape[3], 'readTflite', `the filter of TRANSPOSE_CONV must be of ${x.shape[3]} channels`, filter.shape[3]); // prettier-ignore
    const weights = transpose(builder, filter, [3, 0, 1, 2]);
    const windows = { strides, pads, outputPads, dilations: [1, 1], groups: 1 };
    const sums = transposedConvolution(builder, channelsFirst(builder, x), weights, null, windows);
    const bias = operation.inputs[3] ?? null;
    return channelsLast(builder, activatedProduct(operation, sums, bias, transposedFields.activation));
  },
};

function imagesAndFilter(operation: TfliteOperation, images: number, filter: number): [x: Value, filter: Value] {
  const [x, weights] = [input(operation, images), input(operation, filter)];
  const { op, builder } = operation;
  requireFormat(weights.shape.length === 4, 'readTflite', `the filter of ${op} must have 4 axes`, weights.shape.length);
  const isWhole = weights.shape.every((length) => typeof length === 'number' && length >= 1);
  requireFormat(isWhole, 'readTflite', `the filter of ${op} must have axes of at least 1`, `[${weights.shape}]`);
  const single = x.shape.length === 3 ? reshape(builder, x, [1, ...x.shape]) : x;
  requireRank(operation, single, 4);
  const isKnown = typeof single.shape[3] === 'number';
  requireFormat(isKnown, 'readTflite', `${op} must be of a known number of channels`, single.shape[3]);
  return [single, weights];
}

function windowsOf(
  operation: TfliteOperation,
  { shape }: Value,
  kernel: readonly number[],
  { dilationWidth, dilationHeight }: { readonly dilationWidth: number; readonly dilationHeight: number },
): Windows {
  const { options } = operation;
  const strides = [options.integer(windowFields.strideHeight), options.integer(windowFields.strideWidth)];
  const dilations = [options.integer(dilationHeight, 1), options.integer(dilationWidth, 1)];
  requireSteps(operation, 'strides', strides);
  requireSteps(operation, 'dilations', dilations);
  const pads = padsOf(operation, windowFields.padding, shape.slice(1, 3), kernel, strides, dilations);
  return { strides, dilations, pads };
}
