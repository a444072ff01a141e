import { requireRange, requireType, type SparseTensor } from '@tfjs-sparse/core';
import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';

/** One number for every axis, or one number per axis. */
export type PerAxis = number | readonly number[];

/** `value` as one integer >= `minimum` per axis. */
export function perAxis(op: string, name: string, value: PerAxis, rank: number, minimum: number): readonly number[] {
  const values = typeof value === 'number' ? Array<number>(rank).fill(value) : value;
  requireRange(
    values.length === rank && values.every((entry) => Number.isInteger(entry) && entry >= minimum),
    op,
    `${name} must be an integer >= ${minimum}, or ${rank} of them`,
    value,
  );
  return values;
}

/** Checks that `filter` is `[offsets, inChannels, outChannels]` for the kernel and `x`, and `bias` is `[outChannels]`. */
export function checkFilter(
  op: string,
  x: SparseTensor,
  filter: Tensor3D,
  kernelSize: readonly number[],
  bias?: Tensor1D,
): void {
  const offsets = kernelSize.reduce((product, size) => product * size, 1);
  requireRange(filter.rank === 3, op, 'filter must have shape [offsets, inChannels, outChannels]', filter.shape);
  requireRange(
    filter.shape[0] === offsets,
    op,
    `filter must have ${offsets} offsets (the kernel volume)`,
    filter.shape[0],
  );
  requireRange(
    filter.shape[1] === x.channels,
    op,
    `filter must have ${x.channels} input channels (as features)`,
    filter.shape[1],
  );
  requireType(filter.dtype === 'float32', op, 'filter must be float32', filter.dtype);
  if (!bias) return;
  requireRange(
    bias.rank === 1 && bias.shape[0] === filter.shape[2],
    op,
    `bias must have shape [${filter.shape[2]}] (the output channels of filter)`,
    bias.shape,
  );
}
