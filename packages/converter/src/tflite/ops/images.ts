import { requireFormat } from '../../format-error.js';
import { samePads } from '../../lowering/convolution.js';
import { transpose } from '../../lowering/layout.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { Length, Value } from '../../lowering/value.js';
import type { TfliteOperation } from '../tflite-operation.js';

/** NHWC images as operations of other frameworks count their axes: channels before places. Nothing moves. */
export function channelsFirst(builder: TensorBuilder, images: Value): Value {
  return transpose(builder, images, [0, 3, 1, 2]);
}

/** Back again. */
export function channelsLast(builder: TensorBuilder, images: Value): Value {
  return transpose(builder, images, [0, 2, 3, 1]);
}

const paddings = ['SAME', 'VALID'];

/** What is put around places `[height, width]` by a padding of the options. */
export function padsOf(
  { op, options }: TfliteOperation,
  field: number,
  places: readonly Length[],
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): [number, number][] {
  const padding = paddings[options.code(field)];
  requireFormat(padding !== undefined, 'readTflite', `${op} must have the padding SAME or VALID`, options.code(field));
  return kernel.map((size, i) => (padding === 'SAME' ? samePads(places[i], size, strides[i], dilations[i]) : [0, 0]));
}

/** @throws FormatError for numbers below 1 */
export function requireSteps({ op }: TfliteOperation, what: string, steps: readonly number[]): void {
  requireFormat(steps.every((step) => step >= 1), 'readTflite', `${what} of ${op} must be at least 1`, steps); // prettier-ignore
}
