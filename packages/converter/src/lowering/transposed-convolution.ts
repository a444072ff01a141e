import { requireFormat } from '../format-error.js';
import { dilatedFilter, imageAttributes, liftedWindows, withBias, type ConvolutionOptions } from './convolution.js';
import { channelsLast, inOrder, plain, squeeze, transpose, unsqueeze } from './layout.js';
import { concat, split } from './slicing.js';
import type { TensorBuilder } from './tensor-builder.js';
import { writtenCount, graphShape, type Value } from './value.js';

export interface TransposedOptions extends ConvolutionOptions {
  /** Places more at the end of each axis. */
  readonly outputPads: readonly number[];
}

/**
 * Transposed convolutions of one or two axes of places.
 *
 * @param x `[batch, channels, ...places]`
 * @param filter `[channels, outChannels / groups, ...kernel]`
 * @param bias `[outChannels]`
 */
export function transposedConvolution(
  builder: TensorBuilder,
  x: Value,
  filter: Value,
  bias: Value | null,
  options: TransposedOptions,
): Value {
  const places = x.shape.length - 2;
  requireFormat(places === 1 || places === 2, 'convert', 'transposed convolutions must have 1 or 2 axes of places', places); // prettier-ignore
  if (places === 1) {
    const lifted = { ...options, ...liftedWindows(options), outputPads: [0, ...options.outputPads] };
    const plane = transposedConvolution(builder, unsqueeze(builder, x, [2]), unsqueeze(builder, filter, [2]), bias, lifted); // prettier-ignore
    return squeeze(builder, plane, [2]);
  }
  const { groups, dilations } = options;
  if (dilations.some((dilation) => dilation !== 1)) {
    const spread = dilatedFilter(builder, filter, dilations);
    return transposedConvolution(builder, x, spread, bias, { ...options, dilations: dilations.map(() => 1) });
  }
  const channels = (x.shape[1] as number) / groups;
  const sizes = Array<number>(writtenCount(groups)).fill(channels);
  const parts = groups === 1 ? [x] : split(builder, x, 1, sizes);
  const filters = groups === 1 ? [filter] : split(builder, filter, 0, sizes);
  const sums = parts.map((part, group) => ofGroup(builder, part, filters[group], options));
  const all = groups === 1 ? sums[0] : concat(builder, sums, 1);
  return bias ? withBias(builder, all, bias) : all;
}

function ofGroup(builder: TensorBuilder, x: Value, filter: Value, options: TransposedOptions): Value {
  const { strides, pads, outputPads } = options;
  const [batch, , ...places] = x.shape;
  const kernel = filter.shape.slice(2) as number[];
  const lengths = places.map((length, i) => {
    const apart = builder.times(builder.minus(length, 1), strides[i]);
    return builder.plus(apart, kernel[i] - pads[i][0] - pads[i][1] + outputPads[i]);
  });
  const order = channelsLast(4);
  const shape = [batch, filter.shape[1], ...lengths];
  const weights = plain(builder, transpose(builder, filter, [2, 3, 1, 0]));
  const outputShape = builder.integers(graphShape({ shape, order }));
  const made = { dtype: x.dtype, shape, order };
  const inputs = [outputShape, weights, inOrder(builder, x, order)];
  return builder.emit('Conv2DBackpropInput', inputs, made, imageAttributes(options));
}
