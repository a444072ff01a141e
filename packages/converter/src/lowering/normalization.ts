import { elementwise, unary, withNumber } from './elementwise.js';
import { channelsLast, reshape, transpose } from './layout.js';
import { matMul } from './products.js';
import { reduce, variance } from './reductions.js';
import type { TensorBuilder } from './tensor-builder.js';
import { writtenCount, plainOrder, type Length, type Value } from './value.js';

/** What a batch normalization has for each channel. */
export interface ChannelStatistics {
  readonly scale: Value | null;
  readonly shift: Value | null;
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Batch normalization of a trained network: one product and one sum, whose factors are constants where the statistics are.
 *
 * @param x `[batch, channels, ...places]`
 */
export function batchNormalization(
  builder: TensorBuilder,
  x: Value,
  { scale, shift, mean, variance: spread }: ChannelStatistics,
  epsilon: number,
): Value {
  const deviation = unary(builder, 'Rsqrt', withNumber(builder, 'AddV2', spread, epsilon));
  const [scales, means, deviations] = [scale?.constant, mean.constant, spread.constant];
  const isKnown = means && deviations && (scale === null || scales) && (shift === null || shift.constant);
  const factor = isKnown
    ? vector(builder, Array.from(deviations, (each, i) => (scales?.[i] ?? 1) / Math.sqrt(each + epsilon)))
    : scale ? elementwise(builder, 'Mul', [scale, deviation]) : deviation; // prettier-ignore
  const offset = isKnown
    ? vector(
        builder,
        Array.from(means, (each, i) => (shift?.constant?.[i] ?? 0) - each * factor.constant![i]),
      )
    : offsetOf(builder, shift, elementwise(builder, 'Mul', [mean, factor]));
  const scaled = elementwise(builder, 'Mul', [x, ofChannels(builder, factor, x)]);
  return elementwise(builder, 'AddV2', [scaled, ofChannels(builder, offset, x)]);
}

function vector(builder: TensorBuilder, values: readonly number[]): Value {
  return builder.constant([values.length], Float32Array.from(values));
}

function offsetOf(builder: TensorBuilder, shift: Value | null, shrunk: Value): Value {
  return shift ? elementwise(builder, 'Sub', [shift, shrunk]) : unary(builder, 'Neg', shrunk);
}

/** A vector of channels so that it broadcasts with `[batch, channels, ...places]`. */
export function ofChannels(builder: TensorBuilder, value: Value, x: Value): Value {
  return reshape(builder, value, [value.shape[0] ?? 1, ...plainOrder(x.shape.length - 2).map(() => 1)]);
}

/** Over the last axes, from `axis` on; scale and shift have their shape. */
export function layerNormalization(
  builder: TensorBuilder,
  x: Value,
  scale: Value | null,
  shift: Value | null,
  axis: number,
  epsilon: number,
): Value {
  const axes = plainOrder(x.shape.length).slice(axis);
  return scaled(builder, standardized(builder, x, axes, epsilon), scale, shift);
}

/** Without a mean: divides by the root of the mean square. */
export function rmsNormalization(
  builder: TensorBuilder,
  x: Value,
  scale: Value | null,
  axis: number,
  epsilon: number,
): Value {
  const axes = plainOrder(x.shape.length).slice(axis);
  const squares = reduce(builder, 'Mean', unary(builder, 'Square', x), axes, true);
  const inverse = unary(builder, 'Rsqrt', withNumber(builder, 'AddV2', squares, epsilon));
  return scaled(builder, elementwise(builder, 'Mul', [x, inverse]), scale, null);
}

/**
 * Over places and the channels of each group; scale and shift are of channels.
 *
 * @param x `[batch, channels, ...places]`
 */
export function groupNormalization(
  builder: TensorBuilder,
  x: Value,
  groups: number,
  scale: Value | null,
  shift: Value | null,
  epsilon: number,
): Value {
  const isLast = x.order[x.order.length - 1] === 1;
  const standard = (isLast ? ofLastChannels : ofFirstChannels)(builder, x, groups, epsilon);
  const [factor, offset] = [scale, shift].map((value) => value && ofChannels(builder, value, x));
  return scaled(builder, standard, factor, offset);
}

function ofFirstChannels(builder: TensorBuilder, x: Value, groups: number, epsilon: number): Value {
  const [batch, channels, ...places] = x.shape;
  const rest = places.reduce<Length>(
    (product, length) => builder.times(product, length),
    (channels as number) / groups,
  );
  const ofGroups = reshape(builder, x, [batch, groups, rest]);
  return reshape(builder, standardized(builder, ofGroups, [2], epsilon), x.shape);
}

/** Nothing moves where the graph has channels behind the places. */
function ofLastChannels(builder: TensorBuilder, x: Value, groups: number, epsilon: number): Value {
  const last = transpose(builder, x, channelsLast(x.shape.length));
  const rank = last.shape.length;
  const parts = [groups, (x.shape[1] as number) / groups];
  const ofGroups = reshape(builder, last, [...last.shape.slice(0, -1), ...parts]);
  const standard = standardized(builder, ofGroups, [...plainOrder(rank - 1).slice(1), rank], epsilon);
  return transpose(builder, reshape(builder, standard, last.shape), [0, rank - 1, ...plainOrder(rank - 1).slice(1)]);
}

/** Less the mean, over the root of the variance. */
export function standardized(builder: TensorBuilder, x: Value, axes: readonly number[], epsilon: number): Value {
  const spread = withNumber(builder, 'AddV2', variance(builder, x, axes, true), epsilon);
  const centred = elementwise(builder, 'Sub', [x, reduce(builder, 'Mean', x, axes, true)]);
  return elementwise(builder, 'Mul', [centred, unary(builder, 'Rsqrt', spread)]);
}

/** Times and plus what broadcasts with it. */
export function scaled(builder: TensorBuilder, x: Value, scale: Value | null, shift: Value | null): Value {
  const product = scale ? elementwise(builder, 'Mul', [x, scale]) : x;
  return shift ? elementwise(builder, 'AddV2', [product, shift]) : product;
}

/** Over a window of channels around each (AlexNet's). */
export function localResponse(
  builder: TensorBuilder,
  x: Value,
  size: number,
  alpha: number,
  beta: number,
  bias: number,
): Value {
  const squares = unary(builder, 'Square', x);
  const [before] = [Math.floor((size - 1) / 2)];
  const channels = x.shape[1] as number;
  // One product with a band of ones sums the neighbours of each channel.
  const band = new Float32Array(writtenCount(channels * channels));
  for (let to = 0; to < channels; to++) {
    for (let from = Math.max(0, to - before); from <= Math.min(channels - 1, to - before + size - 1); from++) {
      band[from * channels + to] = alpha / size;
    }
  }
  const filter = builder.constant([channels, channels], band);
  const sums = overChannels(builder, squares, filter);
  const divisor = withNumber(builder, 'Pow', withNumber(builder, 'AddV2', sums, bias), beta);
  return elementwise(builder, 'RealDiv', [x, divisor]);
}

function overChannels(builder: TensorBuilder, x: Value, matrix: Value): Value {
  const rank = x.shape.length;
  const last = [0, ...plainOrder(rank).slice(2), 1];
  const moved = transpose(builder, x, last);
  const back = [0, rank - 1, ...plainOrder(rank).slice(1, -1)];
  return transpose(builder, matMul(builder, moved, matrix), back);
}
