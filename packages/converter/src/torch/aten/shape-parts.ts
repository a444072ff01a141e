import { requireFormat } from '../../format-error.js';
import { cast, elementwise } from '../../lowering/elementwise.js';
import { squeeze, unsqueeze } from '../../lowering/layout.js';
import { broadcastTo } from '../../lowering/products.js';
import { concat, gather, slice, split } from '../../lowering/slicing.js';
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
    return plainOrder(operation.number('n', 1)).reduce(
      (value) => {
        const sides = [slice(builder, value, [{ axis, start: 1, end: Infinity }]), slice(builder, value, [{ axis, start: 0, end: -1 }])]; // prettier-ignore
        return elementwise(builder, 'Sub', sides);
      },
      concat(builder, ends, axis),
    );
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
