import { requireFormat } from '../format-error.js';
import { text } from '../graph/attributes.js';
import { liftedWindows, samePads, windowCount, type Windows } from './convolution.js';
import { cast, elementwise } from './elementwise.js';
import { channelsLast, inOrder, isSame, reshape, squeeze, transpose, unsqueeze } from './layout.js';
import { pad } from './slicing.js';
import { list, type TensorBuilder } from './tensor-builder.js';
import { writtenCount, plainOrder, type Length, type Value } from './value.js';

export interface PoolingOptions extends Windows {
  readonly kernel: readonly number[];
  /** Lets a last window reach beyond the end. */
  readonly isCeiling: boolean;
}

export interface AverageOptions extends PoolingOptions {
  /** Whether the places around count as zeros. */
  readonly countsPads: boolean;
}

const least = -3.4028234663852886e38; // of float32

/** @param x `[batch, channels, ...places]` */
export function maxPooling(builder: TensorBuilder, x: Value, options: PoolingOptions): Value {
  if (x.dtype !== 'float32') return cast(builder, maxPooling(builder, cast(builder, x, 'float32'), options), x.dtype);
  if (x.shape.length === 3) return ofPlane(builder, x, options, maxPooling);
  if (x.shape.length === 5) return maxOfVolume(builder, x, options);
  const pads = fullPads(builder, x, options);
  if (areSame(x, pads, options)) return pooled(builder, 'MaxPool', x, options, pads);
  return pooled(builder, 'MaxPool', pad(builder, x, [[0, 0], [0, 0], ...pads], least), options);
}

/** Planes, then their depth: MaxPool3D of tfjs' wasm backend gives 0 where all elements of a window are below it. */
function maxOfVolume(builder: TensorBuilder, x: Value, options: PoolingOptions): Value {
  const [batch, channels, depth, ...plane] = x.shape;
  const ofPlaces = (from: number, to: number) => {
    const { kernel, strides, dilations, pads } = options;
    return { ...options, kernel: kernel.slice(from, to), strides: strides.slice(from, to), dilations: dilations.slice(from, to), pads: pads.slice(from, to) }; // prettier-ignore
  };
  const planes = withPlaces(builder, x, [builder.times(batch, depth), channels, ...plane]);
  const pooledPlanes = maxPooling(builder, planes, ofPlaces(1, 3));
  const [, , height, width] = pooledPlanes.shape;
  const columns = withPlaces(builder, pooledPlanes, [batch, channels, depth, builder.times(height, width)]);
  const ofDepth = ofPlaces(0, 1);
  const alongDepth = { ...ofDepth, kernel: [...ofDepth.kernel, 1], strides: [...ofDepth.strides, 1], dilations: [...ofDepth.dilations, 1], pads: [...ofDepth.pads, [0, 0] as const] }; // prettier-ignore
  const pooledColumns = maxPooling(builder, columns, alongDepth);
  return withPlaces(builder, pooledColumns, [batch, channels, pooledColumns.shape[2], height, width]);
}

/** The same elements with other axes of batch and places; channels stay the last axis of the graph. */
function withPlaces(builder: TensorBuilder, x: Value, shape: readonly Length[]): Value {
  const [batch, channels, ...places] = shape;
  const last = reshape(builder, transpose(builder, x, channelsLast(x.shape.length)), [batch, ...places, channels]);
  return transpose(builder, last, [0, shape.length - 1, ...plainOrder(shape.length).slice(1, -1)]);
}

/** @param x `[batch, channels, ...places]` */
export function averagePooling(builder: TensorBuilder, x: Value, options: AverageOptions): Value {
  if (x.shape.length === 3) return ofPlane(builder, x, options, averagePooling);
  const pads = fullPads(builder, x, options);
  if (!options.countsPads && areSame(x, pads, options)) return pooled(builder, 'AvgPool', x, options, pads);
  const means = pooled(builder, 'AvgPool', pad(builder, x, [[0, 0], [0, 0], ...pads], 0), options);
  const factors = countFactors(x.shape.slice(2), pads, options);
  return factors ? elementwise(builder, 'Mul', [means, builder.constant(factors.shape, factors.values)]) : means;
}

function ofPlane<O extends PoolingOptions>(
  builder: TensorBuilder,
  x: Value,
  options: O,
  pooling: (builder: TensorBuilder, x: Value, options: O) => Value,
): Value {
  const lifted = { ...options, ...liftedWindows(options), kernel: [1, ...options.kernel] };
  return squeeze(builder, pooling(builder, unsqueeze(builder, x, [2]), lifted), [2]);
}

/** Whether the pads of images are those that tfjs puts around them by itself, and does not count. */
function areSame(
  { shape }: Value,
  pads: readonly (readonly [number, number])[],
  { kernel, strides }: PoolingOptions,
): boolean {
  const isPadded = pads.some(([before, behind]) => before > 0 || behind > 0);
  return isPadded && kernel.length === 2 && pads.every((each, i) => {
    const length = shape[i + 2];
    return (typeof length === 'number' || strides[i] === 1) && isSame(each, samePads(length, kernel[i], strides[i], 1));
  }); // prettier-ignore
}

/** @param pads that tfjs puts around the places; default none */
function pooled(
  builder: TensorBuilder,
  op: string,
  x: Value,
  { kernel, strides, dilations }: PoolingOptions,
  pads?: readonly (readonly [number, number])[],
): Value {
  requireFormat(dilations.every((dilation) => dilation === 1), 'convert', 'dilations of a pooling must be 1', dilations.join()); // prettier-ignore
  const order = channelsLast(x.shape.length);
  const counts = x.shape
    .slice(2)
    .map((length, i) => windowCount(builder, length, kernel[i], strides[i], 1, pads?.[i] ?? [0, 0]));
  const isVolume = kernel.length === 3;
  const attributes = {
    ksize: list([1, ...kernel, 1]),
    strides: list([1, ...strides, 1]),
    padding: text(pads ? 'SAME' : 'VALID'),
    data_format: text(isVolume ? 'NDHWC' : 'NHWC'),
  };
  const made = { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...counts], order };
  return builder.emit(isVolume ? `${op}3D` : op, [inOrder(builder, x, order)], made, attributes);
}

/** What is around the places, with what a last window needs beyond the end. */
function fullPads(
  builder: TensorBuilder,
  { shape }: Value,
  { kernel, strides, pads, isCeiling }: PoolingOptions,
): (readonly [number, number])[] {
  return pads.map(([before, behind], i) => {
    const length = shape[i + 2];
    if (!isCeiling) return [before, behind];
    requireFormat(typeof length === 'number', 'convert', 'a pooling with ceil_mode must have places of a known size', length); // prettier-ignore
    return [before, behind + beyond(length, kernel[i], strides[i], before, behind)];
  });
}

/** A window that would begin behind the places and what is before them is none (PyTorch). */
function beyond(length: number, kernel: number, stride: number, before: number, behind: number): number {
  let count = Math.ceil((length + before + behind - kernel) / stride) + 1;
  if ((count - 1) * stride >= length + before) count--;
  return Math.max(0, (count - 1) * stride + kernel - (length + before + behind));
}

/** Size of a window over the places that count in it; null where that is 1 everywhere. */
function countFactors(
  lengths: readonly Length[],
  full: readonly (readonly [number, number])[],
  { kernel, strides, pads, countsPads }: AverageOptions,
): { shape: number[]; values: Float32Array } | null {
  const isWhole = full.every(([before, behind], i) => {
    const none = before === 0 && behind === 0;
    return none || (countsPads && behind === pads[i][1]);
  });
  if (isWhole) return null;
  const factors = full.map(([before, behind], i) => {
    const length = lengths[i];
    requireFormat(typeof length === 'number', 'convert', 'an average without its pads must have places of a known size', length); // prettier-ignore
    const [first, last] = countsPads ? [0, length + pads[i][0] + pads[i][1]] : [before, before + length];
    const windows = Math.floor((length + before + behind - kernel[i]) / strides[i]) + 1;
    return Array.from({ length: writtenCount(windows) }, (_, window) => {
      const start = window * strides[i];
      return kernel[i] / (Math.min(start + kernel[i], last) - Math.max(start, first));
    });
  });
  const [head, ...rest] = factors;
  const values = rest.reduce((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), head);
  return { shape: factors.map(({ length }) => length), values: Float32Array.from(values) };
}
