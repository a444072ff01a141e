import { requireFormat } from '../format-error.js';
import { text, type Attributes } from '../graph/attributes.js';
import { cast } from './elementwise.js';
import { channelsLast, inOrder, plain, reshape, squeeze, transpose, unsqueeze } from './layout.js';
import { concat, pad, slice, split } from './slicing.js';
import { list, type TensorBuilder } from './tensor-builder.js';
import { elementCount, writtenCount, plainOrder, type Length, type Value } from './value.js';

/** How a convolution's windows lie, one number for each axis of places. */
export interface Windows {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** `[before, behind]` of each axis. */
  readonly pads: readonly (readonly [number, number])[];
}

export interface ConvolutionOptions extends Windows {
  readonly groups: number;
}

/**
 * Convolutions of one to three axes of places.
 *
 * @param x `[batch, channels, ...places]`
 * @param filter `[outChannels, channels / groups, ...kernel]`
 * @param bias `[outChannels]`
 */
export function convolution(
  builder: TensorBuilder,
  x: Value,
  filter: Value,
  bias: Value | null,
  options: ConvolutionOptions,
): Value {
  const places = x.shape.length - 2;
  requireFormat(places >= 1 && places <= 3, 'convert', 'convolutions must have 1 to 3 axes of places', places);
  if (places === 1) {
    const lifted = { ...options, ...liftedWindows(options) };
    const plane = convolution(builder, unsqueeze(builder, x, [2]), unsqueeze(builder, filter, [2]), bias, lifted);
    return squeeze(builder, plane, [2]);
  }
  const isEither = options.strides.every((stride) => stride === 1) || options.dilations.every((dilation) => dilation === 1); // prettier-ignore
  if (!isEither) {
    const spread = dilatedFilter(builder, filter, options.dilations);
    return convolution(builder, x, spread, bias, { ...options, dilations: options.dilations.map(() => 1) });
  }
  const sums = options.groups === 1 ? whole(builder, x, filter, options) : grouped(builder, x, filter, options);
  return bias ? withBias(builder, sums, bias) : sums;
}

/** How many elements a filter has with the zeros of its dilations: so many, or so many for each of its own. */
const mostSpread = 2 ** 18;
const mostPerElement = 32;

/** tfjs takes strides or dilations, not both: the filter with zeros between its places instead of dilations. */
export function dilatedFilter(builder: TensorBuilder, filter: Value, dilations: readonly number[]): Value {
  const count = elementCount(filter.shape) ?? Infinity;
  const most = Math.max(mostSpread, mostPerElement * count);
  const spread = dilations.reduce((all, dilation) => all * dilation, count);
  requireFormat(spread <= most, 'convert', `a filter with dilations must have at most ${most} elements`, spread);
  return dilations.reduce((spread, dilation, i) => {
    const axis = i + 2;
    const length = spread.shape[axis] as number;
    const rows = unsqueeze(builder, spread, [axis + 1]);
    const between = rows.shape.map((_, each): [number, number] => [0, each === axis + 1 ? dilation - 1 : 0]);
    const shape = [...spread.shape];
    shape[axis] = length * dilation;
    const ends = { axis, start: 0, end: (length - 1) * dilation + 1 };
    return slice(builder, reshape(builder, pad(builder, rows, between, 0), shape), [ends]);
  }, filter);
}

/** An axis of one place before the only one. */
export function liftedWindows({ strides, dilations, pads }: Windows): Windows {
  return { strides: [1, ...strides], dilations: [1, ...dilations], pads: [[0, 0], ...pads] };
}

export function withBias(builder: TensorBuilder, sums: Value, bias: Value): Value {
  const { dtype, shape, order } = sums;
  return builder.emit('BiasAdd', [sums, plain(builder, cast(builder, bias, dtype))], { dtype, shape, order });
}

/** Places of the windows along one axis. */
export function windowCount(
  builder: TensorBuilder,
  length: Length,
  kernel: number,
  stride: number,
  dilation: number,
  [before, behind]: readonly [number, number],
): Length {
  const room = builder.plus(length, before + behind - dilation * (kernel - 1) - 1);
  return builder.plus(builder.dividedBy(room, stride), 1);
}

/** Pads with which there is a window for each `stride` places; the larger half is behind. */
export function samePads(length: Length, kernel: number, stride: number, dilation: number): [number, number] {
  const isKnown = typeof length === 'number' || stride === 1;
  requireFormat(isKnown, 'convert', 'strides with SAME pads must be of places of a known size', length);
  const places = typeof length === 'number' ? length : 1;
  const windows = Math.ceil(places / stride);
  const all = Math.max(0, (windows - 1) * stride + (kernel - 1) * dilation + 1 - places);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

function whole(builder: TensorBuilder, x: Value, filter: Value, options: ConvolutionOptions): Value {
  const rank = x.shape.length;
  const kernel = plainOrder(rank).slice(2);
  const weights = inOrder(builder, transpose(builder, filter, [...kernel, 1, 0]), plainOrder(rank));
  const isVolume = rank === 5;
  const images = isVolume ? pad(builder, x, [[0, 0], [0, 0], ...options.pads], 0) : x;
  const made = madeOf(builder, x, filter, filter.shape[0], options);
  const attributes = isVolume ? volumeAttributes(options) : imageAttributes(options);
  const inputs = [inOrder(builder, images, channelsLast(rank)), weights];
  return builder.emit(isVolume ? 'Conv3D' : 'Conv2D', inputs, made, attributes);
}

function grouped(builder: TensorBuilder, x: Value, filter: Value, options: ConvolutionOptions): Value {
  const { groups } = options;
  const [outChannels, ofGroup, ...kernel] = filter.shape as number[];
  if (x.shape.length === 4 && ofGroup === 1 && x.shape[1] === groups) {
    const multiplier = outChannels / groups;
    const weights = transpose(builder, reshape(builder, filter, [groups, multiplier, ...kernel]), [2, 3, 0, 1]);
    const inputs = [inOrder(builder, x, channelsLast(4)), plain(builder, weights)];
    const made = madeOf(builder, x, filter, outChannels, options);
    return builder.emit('DepthwiseConv2dNative', inputs, made, imageAttributes(options));
  }
  const parts = split(builder, x, 1, Array<number>(writtenCount(groups)).fill(ofGroup));
  const filters = split(builder, filter, 0, Array<number>(writtenCount(groups)).fill(outChannels / groups));
  const each = parts.map((part, group) => whole(builder, part, filters[group], options));
  return concat(builder, each, 1);
}

function madeOf(builder: TensorBuilder, x: Value, filter: Value, channels: Length, windows: Windows) {
  const [batch, , ...places] = x.shape;
  const { strides, dilations, pads } = windows;
  const kernel = filter.shape.slice(2) as number[];
  const counts = places.map((length, i) => windowCount(builder, length, kernel[i], strides[i], dilations[i], pads[i]));
  return { dtype: x.dtype, shape: [batch, channels, ...counts], order: channelsLast(x.shape.length) };
}

/** Of a convolution of NHWC images, and its gradient. */
export function imageAttributes({ strides, dilations, pads }: Windows): Attributes {
  const isPadded = pads.some(([before, behind]) => before > 0 || behind > 0);
  return {
    strides: list([1, ...strides, 1]),
    dilations: list([1, ...dilations, 1]),
    padding: text(isPadded ? 'EXPLICIT' : 'VALID'),
    ...(isPadded && { explicit_paddings: list([0, 0, ...pads.flat(), 0, 0]) }),
    data_format: text('NHWC'),
  };
}

function volumeAttributes({ strides, dilations }: Windows): Attributes {
  return {
    strides: list([1, ...strides, 1]),
    dilations: list([1, ...dilations, 1]),
    padding: text('VALID'),
    data_format: text('NDHWC'),
  };
}
