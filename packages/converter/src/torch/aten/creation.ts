import { requireFormat } from '../../format-error.js';
import { range } from '../../lowering/attention.js';
import { filled as filledWith } from '../../lowering/creation.js';
import { cast, elementwise } from '../../lowering/elementwise.js';
import { unsqueeze } from '../../lowering/layout.js';
import { broadcastTo } from '../../lowering/products.js';
import { writtenCount, plainOrder, type Length, type Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';

/** Of tensors that a program makes itself; memory that is not set is zeros. */
export const creationOps: Readonly<Record<string, AtenOp>> = {
  zeros: (operation) => filled(operation, operation.lengths('size'), operation.builder.scalar(0)),
  ones: (operation) => filled(operation, operation.lengths('size'), operation.builder.scalar(1)),
  empty: (operation) => filled(operation, operation.lengths('size'), operation.builder.scalar(0)),
  empty_permuted: (operation) => filled(operation, operation.lengths('size'), operation.builder.scalar(0)),
  full: (operation) => filled(operation, operation.lengths('size'), operation.operand('fill_value')),
  zeros_like: (operation) => like(operation, operation.builder.scalar(0)),
  ones_like: (operation) => like(operation, operation.builder.scalar(1)),
  empty_like: (operation) => like(operation, operation.builder.scalar(0)),
  full_like: (operation) => like(operation, operation.operand('fill_value')),
  new_zeros: (operation) => filled(operation, operation.lengths('size'), operation.builder.scalar(0)),
  new_ones: (operation) => filled(operation, operation.lengths('size'), operation.builder.scalar(1)),
  new_empty: (operation) => filled(operation, operation.lengths('size'), operation.builder.scalar(0)),
  new_full: (operation) => filled(operation, operation.lengths('size'), operation.operand('fill_value')),
  fill(operation) {
    const value = cast(operation.builder, operation.operand('value'), operation.dtype);
    return broadcastTo(operation.builder, value, operation.tensor('self').shape);
  },
  zero: (operation) => like(operation, operation.builder.scalar(0)),
  scalar_tensor: (operation) => filled(operation, [], operation.operand('s')),
  arange: counted,
  linspace(operation) {
    const [start, end, steps] = [operation.number('start'), operation.number('end'), operation.number('steps')];
    const step = steps > 1 ? (end - start) / (steps - 1) : 0;
    return operation.builder.constant(
      [steps],
      Float32Array.from(plainOrder(steps), (i) => start + i * step),
    );
  },
  eye(operation) {
    const { builder } = operation;
    const rows = operation.length('n');
    const columns = operation.has('m') ? operation.length('m') : rows;
    const row = unsqueeze(builder, range(builder, rows), [1]);
    const isOne = elementwise(builder, 'Equal', [row, range(builder, columns)], 'bool');
    return cast(builder, isOne, operation.dtype);
  },
};

function filled({ builder, dtype }: AtenOperation, shape: readonly Length[], fill: Value): Value {
  return filledWith(builder, shape, cast(builder, fill, dtype));
}

function like(operation: AtenOperation, fill: Value): Value {
  return filled(operation, operation.tensor('self').shape, fill);
}

/** `start`, `start + step`, … below `end`. */
function counted(operation: AtenOperation): Value {
  const { builder, dtype } = operation;
  const [start, end, step] = [operation.length('start', 0), operation.length('end'), operation.length('step', 1)];
  if (typeof start === 'number' && typeof end === 'number' && typeof step === 'number') {
    const count = Math.max(0, Math.ceil((end - start) / step));
    const elements = Array.from({ length: writtenCount(count) }, (_, i) => start + i * step);
    return dtype === 'int32' ? builder.integers(elements) : builder.constant([count], Float32Array.from(elements));
  }
  requireFormat(step === 1, reader, 'aten.arange to a size must have steps of 1', step);
  const places = range(builder, builder.minus(end, start));
  const moved = start === 0 ? places : elementwise(builder, 'AddV2', [places, builder.integers([start], [])]);
  return cast(builder, moved, dtype);
}
