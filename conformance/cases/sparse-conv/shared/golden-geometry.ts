import type { WindowFields } from '../../../oracle/convolution-layers.js';
import type { GoldenCase } from '../../../src/golden-file.js';
import { integersOf, layerTensorName } from '../../../src/golden-tensors.js';
import type { LayerBase } from '../../../src/layer-definition.js';
import { requireMultiplier } from './window-fields.js';

/** A layer's geometry in our convention: `y[u] = sum_k W_k x[s*u + dilation*d - padding]`, last axis fastest. */
export interface LayerGeometry {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly isCross: boolean;
  /** Taps of a kernel that is no box, in our order: the last axis fastest, or as the layer lists them. */
  readonly taps: readonly (readonly number[])[] | null;
  /** Row of the golden's `offsets` for each of our offsets. */
  readonly goldenRows: readonly number[];
}

/** From the displacements where the golden has them, else as the layer states it. */
export function geometryOf(layer: LayerBase & WindowFields, golden: GoldenCase, rank: number): LayerGeometry {
  requireMultiplier(layer);
  const offsets = layerTensorName(golden, 'offsets', layer);
  return golden.tensors.has(offsets)
    ? layerGeometry(layer, integersOf(golden, offsets), rank)
    : statedGeometry(layer, rank);
}

/**
 * Reads the geometry from the displacements that each weight slice really used; what an engine was told and what it did
 * differ (torchsparse 1.4 ignores dilation).
 *
 * @param offsets int32 `[slices, rank]`, in units of the formula of the golden format
 */
export function layerGeometry(layer: LayerBase & WindowFields, offsets: Int32Array, rank: number): LayerGeometry {
  const kernelSize = layer.kernel_size ?? Array<number>(rank).fill(1);
  const inStride = layer.in_tensor_stride ?? Array<number>(rank).fill(1);
  const outStride = layer.out_tensor_stride ?? Array<number>(rank).fill(1);
  // A transposed convolution runs the strided one backwards: its finer side is the output.
  const unit = inStride.map((size, axis) => Math.min(size, outStride[axis]));
  const rows: number[][] = [];
  for (let row = 0; row * rank < offsets.length; row++) {
    rows.push(unit.map((size, axis) => offsets[row * rank + axis] / size));
  }
  const lowest = unit.map((_, axis) => Math.min(...rows.map((offset) => offset[axis])));
  const highest = unit.map((_, axis) => Math.max(...rows.map((offset) => offset[axis])));
  const dilation = kernelSize.map((size, axis) => (size > 1 ? (highest[axis] - lowest[axis]) / (size - 1) : 1));
  const rowOf = new Map(rows.map((offset, row) => [offset.join(), row]));
  const rowAt = (tap: readonly number[]) => rowOf.get(tap.map((d, axis) => lowest[axis] + d * dilation[axis]).join());
  const box = boxOf(kernelSize);
  const taps = box.filter((tap) => rowAt(tap) !== undefined);
  const goldenRows = taps.map((tap) => rowAt(tap)!);
  if (goldenRows.length !== rows.length) {
    throw new RangeError(
      `golden: offsets of '${layer.name}' must lie on a grid of [${kernelSize}] steps, got [${offsets}]`,
    );
  }
  const strides = layer.stride ?? Array<number>(rank).fill(1);
  const padding = lowest.map((offset) => 0 - offset);
  const isBox = taps.length === box.length;
  return { kernelSize, strides, padding, dilation, isCross: false, taps: isBox ? null : taps, goldenRows };
}

/** The geometry that the layer states, in our convention. */
function statedGeometry(layer: WindowFields, rank: number): LayerGeometry {
  const each = (value: number) => Array<number>(rank).fill(value);
  const { kernel_size: kernelSize = each(1), stride: strides = each(1), dilation = each(1), taps = null } = layer;
  const centred = kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2);
  const padding = layer.padding ?? (layer.output_set === 'same' && !taps ? centred : each(0));
  const isCross = layer.kernel_shape === 'cross';
  const box = kernelSize.reduce((product, size) => product * size, 1);
  const cross = kernelSize.reduce((sum, size) => sum + size - 1, 1);
  const goldenRows = Array.from({ length: taps?.length ?? (isCross ? cross : box) }, (_, row) => row);
  return { kernelSize, strides, padding, dilation, isCross, taps, goldenRows };
}

/** Whether the padding is the one that a submanifold convolution has by itself. */
export function isCentred({ kernelSize, padding, dilation, taps }: LayerGeometry): boolean {
  if (taps) return padding.every((cells) => cells === 0);
  return kernelSize.every((size, axis) => size % 2 === 1 && padding[axis] === (dilation[axis] * (size - 1)) / 2);
}

/** All index vectors of a box, last axis fastest. */
function boxOf(size: readonly number[]): number[][] {
  return size.reduce<number[][]>(
    (prefixes, extent) => prefixes.flatMap((prefix) => Array.from({ length: extent }, (_, step) => [...prefix, step])),
    [[]],
  );
}
