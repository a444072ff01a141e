import { requireRange } from '@tfjs-sparse/core';

/**
 * How a layer's kernel lies in memory: weight (tap, input, output) is at
 * `tap * inputs * outputs + input * inputStride + output * outputStride`.
 */
export interface KernelLayout {
  /** Positions of the filter window; 1 for dense layers. */
  readonly taps: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly inputStride: number;
  readonly outputStride: number;
}

/**
 * The layout of tfjs' kernels: `[...window, inputs, outputs]`.
 *
 * @param isTransposed for the kernels of transposed convolutions, `[...window, outputs, inputs]`
 */
export function kernelLayout(shape: readonly number[], isTransposed = false): KernelLayout {
  requireRange(shape.length >= 2, 'kernelLayout', 'a kernel must have at least 2 axes', shape);
  const [first, last] = shape.slice(-2);
  const taps = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return isTransposed
    ? { taps, inputs: last, outputs: first, inputStride: 1, outputStride: last }
    : { taps, inputs: first, outputs: last, inputStride: last, outputStride: 1 };
}

export function weightCount({ taps, inputs, outputs }: KernelLayout): number {
  return taps * inputs * outputs;
}

export function weightIndex(layout: KernelLayout, tap: number, input: number, output: number): number {
  return tap * layout.inputs * layout.outputs + input * layout.inputStride + output * layout.outputStride;
}

/** The same weights with inputs and outputs exchanged. */
export function transposedLayout({ taps, inputs, outputs, inputStride, outputStride }: KernelLayout): KernelLayout {
  return { taps, inputs: outputs, outputs: inputs, inputStride: outputStride, outputStride: inputStride };
}
