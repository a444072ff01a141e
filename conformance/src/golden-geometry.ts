import type { GoldenLayer } from './golden-file.js';

/** A layer's geometry in our convention: `y[u] = sum_k W_k x[s*u + dilation*d - padding]`, last axis fastest. */
export interface LayerGeometry {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  /** Row of the golden's `offsets` for each of our offsets, or -1 where its kernel has a hole. */
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
  const goldenRows = boxOf(kernelSize).map(
    (step) => rowOf.get(step.map((d, axis) => lowest[axis] + d * dilation[axis]).join()) ?? -1,
  );
  if (goldenRows.filter((row) => row >= 0).length !== rows.length) {
    throw new RangeError(
      `golden: offsets of '${layer.name}' must lie on a grid of [${kernelSize}] steps, got [${offsets}]`,
    );
  }
  const strides = layer.stride ?? Array<number>(rank).fill(1);
  return { kernelSize, strides, padding: lowest.map((offset) => 0 - offset), dilation, goldenRows };
}

/** The geometry that the layer states, in our convention, where the file has no `offsets`. */
export function statedGeometry(layer: GoldenLayer, rank: number): LayerGeometry {
  const each = (value: number) => Array<number>(rank).fill(value);
  const { kernel_size: kernelSize = each(1), stride = each(1), dilation = each(1) } = layer;
  const centred = kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2);
  const padding = layer.output_set === 'same' ? centred : (layer.padding ?? each(0));
  return { kernelSize, strides: stride, padding, dilation, goldenRows: boxOf(kernelSize).map((_, offset) => offset) };
}

/** Whether the window lies evenly around its site, as a submanifold convolution has it. */
export function isCentred({ kernelSize, padding, dilation }: LayerGeometry): boolean {
  return kernelSize.every((size, axis) => size % 2 === 1 && padding[axis] === (dilation[axis] * (size - 1)) / 2);
}

/** Weights of one layer in our layout, and the way back for gradients. */
export interface FilterLayout {
  /** `[offsets, inChannels, outChannels]` */
  readonly shape: [number, number, number];
  fromGolden(values: ArrayLike<number>): Float32Array;
  /** What our layout has at the places of the golden's; entries that fill holes of its kernel are dropped. */
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
  const inChannels = isOutputFirst ? goldenShape[last] : goldenShape[last - 1];
  const outChannels = isOutputFirst ? goldenShape[0] : goldenShape[last];
  const sliceCount = goldenRows.filter((row) => row >= 0).length;
  const goldenIndex = (row: number, i: number, o: number) =>
    isOutputFirst && !isRawView ? (o * sliceCount + row) * inChannels + i : (row * inChannels + i) * outChannels + o;
  const forEach = (visit: (index: number, golden: number) => void) =>
    goldenRows.forEach((row, offset) => {
      if (row < 0) return;
      for (let i = 0; i < inChannels; i++) {
        for (let o = 0; o < outChannels; o++)
          visit((offset * inChannels + i) * outChannels + o, goldenIndex(row, i, o));
      }
    });
  return {
    shape: [goldenRows.length, inChannels, outChannels],
    fromGolden(values) {
      const filter = new Float32Array(goldenRows.length * inChannels * outChannels);
      forEach((index, golden) => (filter[index] = values[golden]));
      return filter;
    },
    toGolden(filter) {
      const values = new Float32Array(sliceCount * inChannels * outChannels);
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
