import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';
import { normalShare } from './exact-encoder.js';

/** The greatest difference to pixels at multiples of the step before, in the column and in the row, and which that is. */
export function exactMaxRelative({ shape, values }: ExactTensor, step: number): { y: ExactTensor; nearest: number[] } {
  const [batches, height, width, channels] = shape;
  const y: number[] = [];
  const nearest: number[] = [];
  const at = (batch: number, row: number, column: number, channel: number) =>
    (((batch * height + ((row + height) % height)) * width + ((column + width) % width)) * channels) + channel; // prettier-ignore
  for (let batch = 0; batch < batches; batch++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let channel = 0; channel < channels; channel++) {
          const others: number[] = [];
          for (let i = step; i < height; i += step) others.push(at(batch, row - i, column, channel));
          for (let i = step; i < width; i += step) others.push(at(batch, row, column - i, channel));
          const own = values[at(batch, row, column, channel)];
          const least = Math.min(own, ...others.map((other) => values[other]));
          y.push(own - least);
          nearest.push(least < own ? others.find((other) => values[other] === least)! : -1);
        }
      }
    }
  }
  return { y: { shape, values: y }, nearest };
}

/** Names of the operands of a convolution of pixels, in front of whose names stands `prefix`. */
export const pointwiseNames = ['filter', 'bias', 'scale', 'offset', 'mean', 'variance'] as const;

/** 1 x 1 convolution and batch normalization, by running statistics where they are given. */
export function exactPointwise(x: ExactTensor, inputs: ExactTensors, prefix: string): ExactTensor {
  const of = (name: string) => inputs[prefix + name] as ExactTensor | undefined;
  const [inner, outer] = of('filter')!.shape;
  const rows = x.values.length / inner;
  const sums = Array.from({ length: rows * outer }, (_, i) => {
    let sum = of('bias')?.values[i % outer] ?? 0;
    for (let j = 0; j < inner; j++) {
      sum += x.values[Math.floor(i / outer) * inner + j] * of('filter')!.values[j * outer + (i % outer)];
    }
    return sum;
  });
  const channels = Array.from({ length: outer }, (_, channel) => {
    const column = sums.filter((_, i) => i % outer === channel);
    const mean = of('mean')?.values[channel] ?? meanOf(column);
    const variance = of('variance')?.values[channel] ?? meanOf(column.map((value) => (value - mean) ** 2));
    return { mean, factor: of('scale')!.values[channel] / Math.sqrt(variance + 1e-5) };
  });
  const values = sums.map((sum, i) => {
    const { mean, factor } = channels[i % outer];
    return (sum - mean) * factor + of('offset')!.values[i % outer];
  });
  return { shape: [...x.shape.slice(0, 3), outer], values };
}

/** Images beside their greatest differences, convolved, normalised, through GELU. */
export function exactMaxRelativeConv(x: ExactTensor, inputs: ExactTensors, prefix: string, step: number): ExactTensor {
  const channels = x.shape[3];
  const { y } = exactMaxRelative(x, step);
  const beside = Array.from({ length: x.values.length / channels }, (_, pixel) => [
    ...x.values.slice(pixel * channels, (pixel + 1) * channels),
    ...y.values.slice(pixel * channels, (pixel + 1) * channels),
  ]).flat();
  const convolved = exactPointwise({ shape: [...x.shape.slice(0, 3), 2 * channels], values: beside }, inputs, prefix);
  return { shape: convolved.shape, values: convolved.values.map((value) => value * normalShare(value)) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
