import { requireFormat } from '../../format-error.js';
import { convolution, samePads, type Windows } from '../../lowering/convolution.js';
import { transposedConvolution } from '../../lowering/transposed-convolution.js';
import type { Value } from '../../lowering/value.js';
import { input, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

export const convolutionOps: Readonly<Record<string, OnnxOp>> = {
  Conv(operation) {
    const [x, filter] = [input(operation, 0), input(operation, 1)];
    const windows = windowsOf(operation, x, filter.shape.slice(2) as number[]);
    const groups = operation.attributes.integer('group', 1);
    return convolution(operation.builder, x, filter, operation.inputs[2] ?? null, { ...windows, groups });
  },
  ConvTranspose(operation) {
    const { builder, attributes } = operation;
    const [x, filter] = [input(operation, 0), input(operation, 1)];
    const kernel = filter.shape.slice(2) as number[];
    const outputPads = attributes.integers('output_padding') ?? kernel.map(() => 0);
    const strides = attributes.integers('strides') ?? kernel.map(() => 1);
    const options = { groups: attributes.integer('group', 1), outputPads: [...outputPads] };
    const windows = transposedWindows(operation, x, kernel, strides, options.outputPads);
    return transposedConvolution(builder, x, filter, operation.inputs[2] ?? null, { ...windows, ...options });
  },
};

/** Attributes that convolutions and poolings have alike. */
export function windowsOf(operation: OnnxOperation, x: Value, kernel: readonly number[]): Windows {
  const { attributes } = operation;
  const strides = attributes.integers('strides') ?? kernel.map(() => 1);
  const dilations = attributes.integers('dilations') ?? kernel.map(() => 1);
  const explicit = attributes.integers('pads') ?? kernel.flatMap(() => [0, 0]);
  const automatic = attributes.text('auto_pad', 'NOTSET');
  const pads = kernel.map((size, i): [number, number] => {
    if (automatic === 'NOTSET') return [explicit[i], explicit[i + kernel.length]];
    if (automatic === 'VALID') return [0, 0];
    const [less, more] = samePads(x.shape[i + 2], size, strides[i], dilations[i]);
    return automatic === 'SAME_LOWER' ? [more, less] : [less, more];
  });
  return { strides, dilations, pads };
}

/** `output_shape` says pads, and more than there can be as an output pad. */
function transposedWindows(
  { attributes }: OnnxOperation,
  x: Value,
  kernel: readonly number[],
  strides: readonly number[],
  outputPads: number[],
): Windows {
  const dilations = attributes.integers('dilations') ?? kernel.map(() => 1);
  const explicit = attributes.integers('pads') ?? kernel.flatMap(() => [0, 0]);
  const automatic = attributes.text('auto_pad', 'NOTSET');
  const wanted = attributes.integers('output_shape');
  const pads = kernel.map((size, i): [number, number] => {
    if (!wanted && automatic === 'NOTSET') return [explicit[i], explicit[i + kernel.length]];
    if (!wanted && automatic === 'VALID') return [0, 0];
    const length = x.shape[i + 2];
    requireFormat(typeof length === 'number', 'convert', 'output_shape and auto_pad must have places of a known size', length); // prettier-ignore
    const reach = (length - 1) * strides[i] + (size - 1) * dilations[i] + 1 + outputPads[i];
    const all = reach - (wanted ? wanted[wanted.length - kernel.length + i] : length * strides[i]);
    if (all < 0) {
      outputPads[i] -= all;
      return [0, 0];
    }
    return automatic === 'SAME_UPPER' ? [Math.floor(all / 2), Math.ceil(all / 2)] : [Math.ceil(all / 2), Math.floor(all / 2)]; // prettier-ignore
  });
  return { strides, dilations, pads };
}
