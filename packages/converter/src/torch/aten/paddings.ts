import { requireFormat } from '../../format-error.js';
import { reshape, transpose } from '../../lowering/layout.js';
import { padded } from '../../lowering/padding.js';
import { gather, pad } from '../../lowering/slicing.js';
import { plainOrder, writtenCount, type Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';

/** Ops that put elements around a tensor, or lay windows out over it. */
export const paddingOps: Readonly<Record<string, AtenOp>> = {
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
  writtenCount(kernel * count); // refuses more
  const places = plainOrder(kernel).flatMap((element) => plainOrder(count).map((window) => window * stride + element * dilation)); // prettier-ignore
  return gather(builder, x, builder.integers(places, [kernel, count]), axis);
}

function lengthOf(operation: AtenOperation, x: Value, axis: number): number {
  const length = x.shape[axis];
  requireFormat(typeof length === 'number', reader, `aten.${operation.op} must be of an axis of known size`, length);
  return length;
}
