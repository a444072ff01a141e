import { requireFormat } from '../format-error.js';
import type { Attributes } from '../graph/attributes.js';
import { range } from './attention.js';
import { elementwise, select, withNumber } from './elementwise.js';
import { channelsLast, plain, reshape, transpose, unsqueeze } from './layout.js';
import { concat, slice } from './slicing.js';
import type { TensorBuilder } from './tensor-builder.js';
import { writtenCount, plainOrder, type Length, type Value } from './value.js';

export function reverse(builder: TensorBuilder, x: Value, axes: readonly number[]): Value {
  const places = builder.integers(axes.map((axis) => x.order.indexOf(axis)));
  return builder.emit('ReverseV2', [x, places], { dtype: x.dtype, shape: x.shape, order: x.order });
}

export function tile(builder: TensorBuilder, x: Value, repeats: readonly Length[]): Value {
  const shape = x.shape.map((length, axis) => builder.times(length, repeats[axis]));
  if (repeats.every((repeat) => repeat === 1)) return x;
  const operand = builder.integers(x.order.map((axis) => repeats[axis]));
  return builder.emit('Tile', [x, operand], { dtype: x.dtype, shape, order: x.order });
}

/** Indices below 0 count from the end of an axis. */
export function fromStart(builder: TensorBuilder, indices: Value, length: Length): Value {
  const { constant, shape } = indices;
  if (constant?.every((index) => index >= 0)) return indices;
  if (constant && typeof length === 'number') {
    return builder.constant(
      shape as number[],
      Int32Array.from(constant, (index) => (index < 0 ? index + length : index)),
    );
  }
  const isBehind = elementwise(builder, 'Less', [indices, builder.scalar(0, 'int32')], 'bool');
  const moved = elementwise(builder, 'AddV2', [indices, builder.integers([length], [])]);
  return select(builder, isBehind, moved, indices);
}

/** Element i of the result is that of `x` whose place along `axis` is element i of the indices. */
export function gatherElements(builder: TensorBuilder, x: Value, indices: Value, axis: number): Value {
  const flat = reshape(builder, x, [product(builder, x.shape)]);
  const places = plain(builder, flatPlaces(builder, x.shape, indices, axis));
  const made = { dtype: x.dtype, shape: indices.shape };
  return builder.emit('GatherV2', [flat, places, builder.scalar(0, 'int32')], made, { batch_dims: { i: 0 } });
}

/**
 * `x` with updates at the places along `axis` that indices say, added to what is there or in its stead. Where these are places
 * of rows, the node has the indices as a fourth input, which tfjs does not read, and `row_width`: rules can tell k-sparse rows.
 */
export function scatterElements(
  builder: TensorBuilder,
  x: Value,
  indices: Value,
  updates: Value,
  axis: number,
  isSum: boolean,
): Value {
  const count = product(builder, x.shape);
  const updateCount = product(builder, indices.shape);
  const places = reshape(builder, flatPlaces(builder, x.shape, indices, axis), [updateCount, 1]);
  const values = reshape(builder, updates, [updateCount]);
  const width = x.shape[axis];
  const isOfRows = axis === x.shape.length - 1 && typeof width === 'number';
  const rows = isOfRows ? { indices: plain(builder, indices), width } : undefined;
  return reshape(builder, scatterRows(builder, reshape(builder, x, [count]), places, values, isSum, rows), x.shape);
}

/** Rows of `x` at indices `[..., depth]` of its first `depth` axes. */
export function gatherNd(builder: TensorBuilder, x: Value, indices: Value): Value {
  const depth = indices.shape[indices.shape.length - 1] as number;
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(depth)];
  return builder.emit('GatherNd', [plain(builder, x), plain(builder, indices)], { dtype: x.dtype, shape });
}

/** `x` with the updates at indices `[..., depth]`, added to what is there or in its stead. */
export function scatterRows(
  builder: TensorBuilder,
  x: Value,
  indices: Value,
  updates: Value,
  isSum: boolean,
  rows?: { readonly indices: Value; readonly width: number },
): Value {
  const made = { dtype: x.dtype, shape: x.shape };
  const [places, values] = [plain(builder, indices), plain(builder, updates)];
  if (!isSum) {
    const own = withNumber(builder, 'AddV2', plain(builder, x), 0); // tfjs' cpu backend writes into what it is given
    const attributes: Attributes = rows ? { row_width: { i: rows.width } } : {};
    return builder.emit(
      'TensorScatterUpdate',
      [own, places, values, ...(rows ? [rows.indices] : [])],
      made,
      attributes,
    );
  }
  const sums = builder.emit('ScatterNd', [places, values, builder.integers(x.shape)], made);
  return elementwise(builder, 'AddV2', [x, sums]);
}

function product(builder: TensorBuilder, shape: readonly Length[]): Length {
  return shape.reduce<Length>((all, length) => builder.times(all, length), 1);
}

/** Places in the flattened tensor; of the axes but one each element's own. */
function flatPlaces(builder: TensorBuilder, shape: readonly Length[], indices: Value, axis: number): Value {
  const positive = fromStart(builder, indices, shape[axis]);
  const terms = shape.map((_, each) => {
    const stride = product(builder, shape.slice(each + 1));
    const others = plainOrder(shape.length).filter((other) => other !== each);
    const places = each === axis ? positive : unsqueeze(builder, range(builder, indices.shape[each]), others);
    return elementwise(builder, 'Mul', [places, builder.integers([stride], [])]);
  });
  return terms.reduce((sum, term) => elementwise(builder, 'AddV2', [sum, term]));
}

/**
 * Blocks of channels become places, `[batch, channels, height, width]`: channels are rows, columns and channels of a block
 * (`DCR`, TensorFlow's) or channels, rows and columns (`CRD`, PyTorch's pixel shuffle).
 */
export function depthToSpace(builder: TensorBuilder, x: Value, block: number, order: 'DCR' | 'CRD'): Value {
  const [batch, channels, height, width] = x.shape;
  const depth = builder.dividedBy(channels, block * block);
  const shape = [batch, depth, builder.times(height, block), builder.times(width, block)];
  if (order === 'DCR') return byRows(builder, x, block, shape);
  const blocks = reshape(builder, x, [batch, depth, block, block, height, width]);
  return reshape(builder, transpose(builder, blocks, [0, 1, 4, 2, 5, 3]), shape);
}

/**
 * By slices and one concat: tfjs' DepthToSpace takes longer than the convolution before it (bench/src/face-detection.ts).
 *
 * @param shape of the result
 */
function byRows(builder: TensorBuilder, x: Value, block: number, shape: readonly Length[]): Value {
  const [batch, channels, height, width] = x.shape;
  const rowDepth = builder.dividedBy(channels, block); // of one of the block's rows
  const images = transpose(builder, x, channelsLast(4));
  const rows = plainOrder(block).map((row) => {
    const start = builder.times(rowDepth, row);
    const part = slice(builder, images, [{ axis: 3, start, end: builder.plus(start, rowDepth) }]);
    return reshape(builder, part, [builder.times(batch, height), 1, builder.times(width, rowDepth)]);
  });
  const [, depth, ...places] = shape;
  return transpose(builder, reshape(builder, concat(builder, rows, 1), [batch, ...places, depth]), [0, 3, 1, 2]);
}

/** Blocks of places become channels: rows, columns and channels of a block (`DCR`), or channels, rows and columns. */
export function spaceToDepth(builder: TensorBuilder, x: Value, block: number, order: 'DCR' | 'CRD'): Value {
  const [batch, channels, height, width] = x.shape;
  const [rows, columns] = [builder.dividedBy(height, block), builder.dividedBy(width, block)];
  const blocks = reshape(builder, x, [batch, channels, rows, block, columns, block]);
  const moved = transpose(builder, blocks, order === 'DCR' ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]);
  return reshape(builder, moved, [batch, builder.times(channels, block * block), rows, columns]);
}

/** One triangle of the last two axes; zeros elsewhere. */
export function triangle(builder: TensorBuilder, x: Value, isUpper: boolean, diagonal: number): Value {
  const [rows, columns] = x.shape.slice(-2);
  const [row, column] = [
    unsqueeze(builder, range(builder, rows), [1]),
    unsqueeze(builder, range(builder, columns), [0]),
  ];
  const from = withNumber(builder, 'AddV2', row, diagonal);
  const isKept = elementwise(builder, isUpper ? 'GreaterEqual' : 'LessEqual', [column, from], 'bool');
  return select(builder, isKept, x, builder.scalar(0, x.dtype));
}

/** Places of an axis that a padding shows: the nearest at the edge, or as if the axis went on from its start. */
export function paddedPlaces(
  length: Length,
  [before, behind]: readonly [number, number],
  mode: 'edge' | 'wrap',
): number[] {
  requireFormat(
    typeof length === 'number',
    'convert',
    `axes that are padded by ${mode} must have a known size`,
    length,
  );
  return Array.from({ length: writtenCount(before + length + behind) }, (_, i) => {
    const place = i - before;
    return mode === 'edge' ? Math.min(Math.max(place, 0), length - 1) : ((place % length) + length) % length;
  });
}
