import type { GoldenLayer } from './golden-file.js';

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

/**
 * Reads the geometry from the displacements that each weight slice really used; what an engine was told and what it did
 * differ (torchsparse 1.4 ignores dilation).
 *
 * @param offsets int32 `[slices, rank]`, in units of the formula of the golden format
 */
export function layerGeometry(layer: GoldenLayer, offsets: Int32Array, rank: number): LayerGeometry {
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

/** The geometry that the layer states, in our convention, where the file has no `offsets`. */
export function statedGeometry(layer: GoldenLayer, rank: number): LayerGeometry {
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

/** Weights of one layer in our layout, and the way back for gradients. */
export interface FilterLayout {
  /** `[offsets, inChannels / groups, outChannels]`, depthwise `[offsets, channels]` */
  readonly shape: readonly number[];
  fromGolden(values: ArrayLike<number>): Float32Array;
  /** What our layout has at the places of the golden's. */
  toGolden(filter: Float32Array): Float32Array;
}

export function filterLayout(
  layout: string,
  goldenShape: readonly number[],
  goldenRows: readonly number[],
): FilterLayout {
  const last = goldenShape.length - 1;
  const isOutputFirst = layout.startsWith('Cout,');
  const isRawView = layout.includes('raw view'); // spconv reads its (Cout,1,..,Cin) buffer as (Cin,Cout) when K = 1
  const isDepthwise = layout === 'K,C';
  const groups = layout.startsWith('K,G,') ? goldenShape[1] : 1;
  const inputs = isDepthwise ? 1 : isOutputFirst ? goldenShape[last] : goldenShape[last - 1];
  const groupOutputs = isOutputFirst ? goldenShape[0] : goldenShape[last];
  const outputs = groups * groupOutputs;
  const goldenIndex = (row: number, i: number, o: number) => {
    if (isOutputFirst && !isRawView) return (o * goldenRows.length + row) * inputs + i;
    const group = Math.floor(o / groupOutputs);
    return ((row * groups + group) * inputs + i) * groupOutputs + (o % groupOutputs);
  };
  const size = goldenRows.length * inputs * outputs;
  const forEach = (visit: (index: number, golden: number) => void) =>
    goldenRows.forEach((row, offset) => {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) visit((offset * inputs + i) * outputs + o, goldenIndex(row, i, o));
      }
    });
  return {
    shape: isDepthwise ? [goldenRows.length, outputs] : [goldenRows.length, inputs, outputs],
    fromGolden(values) {
      const filter = new Float32Array(size);
      forEach((index, golden) => (filter[index] = values[golden]));
      return filter;
    },
    toGolden(filter) {
      const values = new Float32Array(size);
      forEach((index, golden) => (values[golden] = filter[index]));
      return values;
    },
  };
}

/** All index vectors of a box, last axis fastest. */
function boxOf(size: readonly number[]): number[][] {
  return size.reduce<number[][]>(
    (prefixes, extent) => prefixes.flatMap((prefix) => Array.from({ length: extent }, (_, step) => [...prefix, step])),
    [[]],
  );
}
