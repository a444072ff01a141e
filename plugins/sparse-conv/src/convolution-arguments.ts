import {
  boxTaps,
  CoordinateMap,
  offsetCount,
  requireRange,
  requireReadable,
  requireType,
  type KernelGeometry,
  type SparseTensor,
} from '@tfjs-sparse/core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

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

/** Which offsets a kernel has. Filters hold them with the last axis fastest, or in the order of `offsets`. */
export interface KernelOptions {
  /** Cells per axis; needed unless `offsets` are given. */
  readonly kernelSize?: PerAxis;
  /** `cross`: only the offsets on an axis through the centre, odd sizes only (MinkowskiEngine's hyper cross); default `box`. */
  readonly kernelShape?: 'box' | 'cross';
  /** Any different offsets `d`, rows of one integer per axis, instead of `0..kernelSize - 1`. */
  readonly offsets?: readonly (readonly number[])[];
  /** Default 1. */
  readonly dilation?: PerAxis;
}

/** The checked kernel of a convolution. */
export function kernelOf(
  op: string,
  { kernelSize, kernelShape = 'box', offsets, dilation }: KernelOptions,
  rank: number,
): Pick<KernelGeometry, 'kernelSize' | 'dilation' | 'taps'> {
  const cells = perAxis(op, 'dilation', dilation ?? 1, rank, 1);
  requireRange(['box', 'cross'].includes(kernelShape), op, "kernelShape must be 'box' or 'cross'", kernelShape);
  if (offsets) {
    requireRange(kernelSize === undefined, op, 'kernelSize must not be given with offsets', kernelSize);
    const isRow = (row: readonly number[]) => row.length === rank && row.every(Number.isInteger);
    const listed = `[${offsets.map((row) => `[${row.join(', ')}]`).join(', ')}]`;
    requireRange(offsets.length > 0 && offsets.every(isRow), op, `offsets must be rows of ${rank} integers`, listed);
    const distinct = new Set(offsets.map((row) => row.join()));
    requireRange(distinct.size === offsets.length, op, 'offsets must differ from each other', listed);
    return { kernelSize: cells.map(() => 1), dilation: cells, taps: offsets };
  }
  requireRange(kernelSize !== undefined, op, 'kernelSize or offsets must be given', kernelSize);
  const size = perAxis(op, 'kernelSize', kernelSize!, rank, 1);
  if (kernelShape === 'box') return { kernelSize: size, dilation: cells };
  const rule = 'kernelSize of a cross must be odd on every axis';
  requireRange(
    size.every((each) => each % 2 === 1),
    op,
    rule,
    size,
  );
  return { kernelSize: size, dilation: cells, taps: crossTaps(size) };
}

function crossTaps(kernelSize: readonly number[]): number[][] {
  const isOnAxis = (tap: readonly number[]) => tap.filter((d, axis) => 2 * d !== kernelSize[axis] - 1).length <= 1;
  return boxTaps(kernelSize).filter(isOnAxis);
}

/** Checks that `filter` is `[offsets, inChannels / groups, outChannels]` for the kernel and `x`. */
export function checkFilter(op: string, x: SparseTensor, filter: Tensor3D, geometry: KernelGeometry, groups = 1): void {
  requireRange(filter.rank === 3, op, 'filter must have shape [offsets, inChannels, outChannels]', filter.shape);
  checkOffsets(op, filter, geometry);
  requireRange(
    Number.isInteger(groups) && groups >= 1 && x.channels % groups === 0 && filter.shape[2] % groups === 0,
    op,
    `groups must divide the channels of features (${x.channels}) and of filter (${filter.shape[2]})`,
    groups,
  );
  requireRange(
    filter.shape[1] * groups === x.channels,
    op,
    `filter must have ${x.channels / groups} input channels (as features${groups > 1 ? `, in ${groups} groups` : ''})`,
    filter.shape[1],
  );
  requireOperands(op, x, filter);
}

/** Checks that `filter` is `[offsets, channels]` for the kernel and `x`. */
export function checkDepthwiseFilter(op: string, x: SparseTensor, filter: Tensor2D, geometry: KernelGeometry): void {
  requireRange(filter.rank === 2, op, 'filter must have shape [offsets, channels]', filter.shape);
  checkOffsets(op, filter, geometry);
  requireRange(
    filter.shape[1] === x.channels,
    op,
    `filter must have ${x.channels} channels (as features)`,
    filter.shape[1],
  );
  requireOperands(op, x, filter);
}

function requireOperands(op: string, x: SparseTensor, filter: Tensor): void {
  requireType(filter.dtype === 'float32', op, 'filter must be float32', filter.dtype);
  requireReadable(op, 'filter', filter);
  requireReadable(op, 'features', x.features);
}

function checkOffsets(op: string, filter: Tensor, geometry: KernelGeometry): void {
  const offsets = offsetCount(geometry);
  const rule = `filter must have ${offsets} offsets (the kernel ${geometry.taps ? 'has as many' : 'volume'})`;
  requireRange(filter.shape[0] === offsets, op, rule, filter.shape[0]);
}

/** Checks that given output sites are on the grid that a convolution of `x` leads to. */
export function checkTarget(op: string, x: SparseTensor, geometry: KernelGeometry, target: CoordinateMap): void {
  requireMap(op, target);
  requireRange(target.rank === x.map.rank, op, `target must have rank ${x.map.rank} (as x)`, target.rank);
  const stride = x.map.outputStride(geometry);
  requireRange(
    stride.every((cells, axis) => cells === target.stride[axis]),
    op,
    `target must have stride [${stride.join(', ')}] (that of the output)`,
    target.stride,
  );
}

export function requireMap(op: string, target: CoordinateMap): void {
  requireType(target instanceof CoordinateMap, op, 'target must be a CoordinateMap', typeof target);
}

/** The kernel options in the arguments of a layer, whose saved config has null for what is absent. */
export function kernelOptions(args: {
  kernelSize?: PerAxis | null;
  kernelShape?: 'box' | 'cross';
  offsets?: readonly (readonly number[])[] | null;
  dilationRate?: PerAxis;
}): KernelOptions {
  const { kernelSize, kernelShape, offsets, dilationRate } = args;
  return { kernelSize: kernelSize ?? undefined, kernelShape, offsets: offsets ?? undefined, dilation: dilationRate };
}
