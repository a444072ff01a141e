import { requireFormat } from '../../format-error.js';
import { padded } from '../../lowering/padding.js';
import { cast, elementwise } from '../../lowering/elementwise.js';
import { reshape, squeeze, transpose, unsqueeze } from '../../lowering/layout.js';
import { broadcastTo } from '../../lowering/products.js';
import { concat, gather, pad, slice, split } from '../../lowering/slicing.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { writtenCount, plainOrder, type Length, type Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';

const largest = 2 ** 31 - 1; // PyTorch writes the largest int64 for "to the end"

/** Ops that cut a tensor, or put parts together along an axis. */
export const partOps: Readonly<Record<string, AtenOp>> = {
  slice(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length, 0);
    const { start, end } = rangeOf(operation, x.shape[axis]);
    return slice(builder, x, [{ axis, start, end, step: operation.number('step', 1) }]);
  },
  narrow(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length);
    const start = operation.length('start');
    return slice(builder, x, [{ axis, start, end: builder.plus(start, operation.length('length')) }]);
  },
  select(operation) {
    const x = operation.tensor('self');
    return selected(operation.builder, x, operation.axis('dim', x.shape.length), operation.length('index'));
  },
  diff(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length, -1);
    const ends = [operation.tensorOrNull('prepend'), x, operation.tensorOrNull('append')].filter((end) => end !== null);
    return plainOrder(operation.number('n', 1)).reduce((value) => {
      const sides = [slice(builder, value, [{ axis, start: 1, end: Infinity }]), slice(builder, value, [{ axis, start: 0, end: -1 }])]; // prettier-ignore
      return elementwise(builder, 'Sub', sides);
    }, concat(builder, ends, axis));
  },
  split: (operation) => pieces(operation, operation.length('split_size')),
  unsafe_split: (operation) => pieces(operation, operation.length('split_size')),
  'split.sizes': (operation) => ofSizes(operation, operation.lengths('split_size')),
  split_with_sizes: (operation) => ofSizes(operation, operation.lengths('split_sizes')),
  unsafe_split_with_sizes: (operation) => ofSizes(operation, operation.lengths('split_sizes')),
  chunk: (operation) => chunks(operation),
  unsafe_chunk: (operation) => chunks(operation),
  unbind(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length, 0);
    const each = split(builder, x, axis, Array<number>(writtenCount(lengthOf(operation, x, axis))).fill(1));
    return each.map((part) => squeeze(builder, part, [axis]));
  },
  slice_scatter(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length, 0);
    const { start, end } = rangeOf(operation, x.shape[axis]);
    requireFormat(operation.number('step', 1) === 1, reader, 'aten.slice_scatter must have steps of 1', operation.number('step', 1)); // prettier-ignore
    return replaced(builder, x, operation.tensor('src'), axis, start, end);
  },
  select_scatter(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length);
    const index = operation.number('index');
    const source = unsqueeze(builder, operation.tensor('src'), [axis]);
    return replaced(builder, x, source, axis, index, index === -1 ? Infinity : index + 1);
  },
  constant_pad_nd(operation) {
    return around(operation, 'constant', operation.numbers('pad'), operation.number('value', 0));
  },
  pad(operation) {
    const mode = operation.text('mode', 'constant');
    const kind = { constant: 'constant', reflect: 'reflect', replicate: 'edge', circular: 'wrap' }[mode] ?? mode;
    return around(operation, kind, operation.numbers('pad'), operation.has('value') ? operation.number('value') : 0);
  },
  reflection_pad1d: (operation) => around(operation, 'reflect', operation.numbers('padding')),
  reflection_pad2d: (operation) => around(operation, 'reflect', operation.numbers('padding')),
  reflection_pad3d: (operation) => around(operation, 'reflect', operation.numbers('padding')),
  replication_pad1d: (operation) => around(operation, 'edge', operation.numbers('padding')),
  replication_pad2d: (operation) => around(operation, 'edge', operation.numbers('padding')),
  replication_pad3d: (operation) => around(operation, 'edge', operation.numbers('padding')),
  unfold(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dimension', x.shape.length);
    const windows = windowsOf(operation, x, axis, { kernel: operation.number('size'), stride: operation.number('step'), dilation: 1 }); // prettier-ignore
    const rest = plainOrder(x.shape.length + 1).filter((each) => each !== axis);
    return transpose(builder, windows, [...rest, axis]);
  },
  im2col(operation) {
    const { builder } = operation;
    const [before, strides, dilations] = [operation.perPlace('padding', 2, 0), operation.perPlace('stride', 2, 1), operation.perPlace('dilation', 2, 1)]; // prettier-ignore
    const kernel = operation.perPlace('kernel_size', 2, 1);
    const x = pad(builder, operation.tensor('self'), [[0, 0], [0, 0], ...before.map((size): [number, number] => [size, size])], 0); // prettier-ignore
    const window = (place: number) => ({ kernel: kernel[place], stride: strides[place], dilation: dilations[place] });
    const rows = windowsOf(operation, x, 2, window(0)); // [batch, channels, kernel, rows, width]
    const both = windowsOf(operation, rows, 4, window(1)); // [batch, channels, kernel, rows, kernel, columns]
    const [batch, channels, height, row, width, column] = both.shape;
    const columns = [builder.times(channels, builder.times(height, width)), builder.times(row, column)];
    return reshape(builder, transpose(builder, both, [0, 1, 2, 4, 3, 5]), [batch, ...columns]);
  },
};

function rangeOf(operation: AtenOperation, length: Length): { readonly start: Length; readonly end: Length } {
  const [start, end] = [operation.length('start', 0), operation.length('end', Infinity)];
  return { start, end: end === length || (typeof end === 'number' && end >= largest) ? Infinity : end };
}

function selected(builder: TensorBuilder, x: Value, axis: number, index: Length): Value {
  if (typeof index === 'string') return gather(builder, x, builder.integers([index], []), axis);
  return squeeze(builder, slice(builder, x, [{ axis, start: index, end: index === -1 ? Infinity : index + 1 }]), [
    axis,
  ]);
}

function lengthOf(operation: AtenOperation, x: Value, axis: number): number {
  const length = x.shape[axis];
  requireFormat(typeof length === 'number', reader, `aten.${operation.op} must be of an axis of known size`, length);
  return length;
}

function pieces(operation: AtenOperation, size: Length): Value[] {
  const x = operation.tensor('self');
  const axis = operation.axis('dim', x.shape.length, 0);
  if (x.shape[axis] === size) return [x];
  requireFormat(typeof size === 'number', reader, `aten.${operation.op} must have a known size of its parts`, size);
  const length = lengthOf(operation, x, axis);
  const counts = plainOrder(Math.ceil(length / size)).map((i) => Math.min(size, length - i * size));
  return split(operation.builder, x, axis, counts);
}

function chunks(operation: AtenOperation): Value[] {
  const x = operation.tensor('self');
  const length = lengthOf(operation, x, operation.axis('dim', x.shape.length, 0));
  return pieces(operation, Math.ceil(length / operation.number('chunks')));
}

function ofSizes(operation: AtenOperation, sizes: readonly Length[]): Value[] {
  const { builder } = operation;
  const x = operation.tensor('self');
  const axis = operation.axis('dim', x.shape.length, 0);
  if (sizes.every((size) => typeof size === 'number')) return split(builder, x, axis, sizes);
  let start: Length = 0;
  return sizes.map((size) => {
    const end = builder.plus(start, size);
    const part = slice(builder, x, [{ axis, start, end }]);
    start = end;
    return part;
  });
}

/** `x` with the source at a part of an axis. */
function replaced(builder: TensorBuilder, x: Value, source: Value, axis: number, start: Length, end: Length): Value {
  const before = slice(builder, x, [{ axis, start: -Infinity, end: start }]);
  const behind = end === Infinity ? [] : [slice(builder, x, [{ axis, start: end, end: Infinity }])];
  const part = slice(builder, x, [{ axis, start, end }]);
  const between = broadcastTo(builder, cast(builder, source, x.dtype), part.shape);
  return concat(builder, [before, between, ...behind].filter(({ shape }) => shape[axis] !== 0), axis); // prettier-ignore
}

/** Pads of ATen begin with the last axis. */
function around(operation: AtenOperation, mode: string, given: readonly number[], fill = 0): Value {
  const x = operation.tensor('self');
  const rank = x.shape.length;
  const pads = plainOrder(rank).map((axis): [number, number] => {
    const place = 2 * (rank - 1 - axis);
    return [given[place] ?? 0, given[place + 1] ?? 0];
  });
  return padded(operation.builder, x, pads, mode, fill);
}

/** An axis as two: elements of a window, and windows. */
function windowsOf(
  operation: AtenOperation,
  x: Value,
  axis: number,
  { kernel, stride, dilation }: { readonly kernel: number; readonly stride: number; readonly dilation: number },
): Value {
  const { builder } = operation;
  const count = Math.floor((lengthOf(operation, x, axis) - dilation * (kernel - 1) - 1) / stride) + 1;
  const places = plainOrder(kernel).flatMap((element) => plainOrder(count).map((window) => window * stride + element * dilation)); // prettier-ignore
  return gather(builder, x, builder.integers(places, [kernel, count]), axis);
}
