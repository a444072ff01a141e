import { reverse, tile } from '../../lowering/gathering.js';
import { reshape, unsqueeze } from '../../lowering/layout.js';
import { concat, slice } from '../../lowering/slicing.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { plainOrder, type Length, type Value } from '../../lowering/value.js';
import type { AtenOp, AtenOperation } from '../aten-operation.js';

/** Ops that repeat or turn axes. */
export const repeatOps: Readonly<Record<string, AtenOp>> = {
  repeat: (operation) => repeated(operation, operation.lengths('repeats')),
  tile: (operation) => repeated(operation, operation.lengths('dims')),
  'repeat_interleave.self_int'(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const flat = operation.has('dim') ? x : reshape(builder, x, [product(builder, x.shape)]);
    const axis = operation.axis('dim', flat.shape.length, 0);
    return repeatInterleave(builder, flat, operation.length('repeats'), axis);
  },
  flip(operation) {
    const x = operation.tensor('self');
    return reverse(operation.builder, x, operation.axes('dims', x.shape.length));
  },
  roll(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const shifts = operation.numbers('shifts');
    const axes = operation.axes('dims', x.shape.length);
    if (axes.length > 0) return axes.reduce((value, axis, i) => rolled(builder, value, axis, shifts[i]), x);
    return reshape(builder, rolled(builder, reshape(builder, x, [product(builder, x.shape)]), 0, shifts[0]), x.shape);
  },
};

/** Each place of an axis as often, one after the other. */
export function repeatInterleave(builder: TensorBuilder, x: Value, repeats: Length, axis: number): Value {
  const shape = [...x.shape];
  shape[axis] = builder.times(shape[axis], repeats);
  const parts = unsqueeze(builder, x, [axis + 1]);
  return reshape(builder, tile(builder, parts, parts.shape.map((_, each) => (each === axis + 1 ? repeats : 1))), shape); // prettier-ignore
}

/** Axes that one side has more of are put before the others. */
function repeated(operation: AtenOperation, repeats: readonly Length[]): Value {
  const { builder } = operation;
  const x = operation.tensor('self');
  const missing = repeats.length - x.shape.length;
  if (missing >= 0) return tile(builder, unsqueeze(builder, x, plainOrder(missing)), repeats);
  return tile(builder, x, [...Array<number>(-missing).fill(1), ...repeats]);
}

function rolled(builder: TensorBuilder, x: Value, axis: number, shift: number): Value {
  const length = x.shape[axis];
  const start = typeof length === 'number' ? ((shift % length) + length) % length : shift;
  if (start === 0) return x;
  const parts = [slice(builder, x, [{ axis, start: -start, end: Infinity }]), slice(builder, x, [{ axis, start: 0, end: -start }])]; // prettier-ignore
  return concat(builder, parts, axis);
}

function product(builder: TensorBuilder, lengths: readonly Length[]): Length {
  return lengths.reduce((all, length) => builder.times(all, length), 1);
}
