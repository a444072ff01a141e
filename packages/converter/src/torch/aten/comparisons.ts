import { FormatError } from '../../format-error.js';
import { violation } from '@tfjs-sparse/core';
import { binary, cast, elementwise, promoted, unary, withNumber } from '../../lowering/elementwise.js';
import type { Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';
import { mapped } from './mapped.js';

const comparisons = {
  eq: 'Equal',
  ge: 'GreaterEqual',
  greater: 'Greater',
  greater_equal: 'GreaterEqual',
  gt: 'Greater',
  le: 'LessEqual',
  less: 'Less',
  less_equal: 'LessEqual',
  lt: 'Less',
  ne: 'NotEqual',
  not_equal: 'NotEqual',
};
const logical = { logical_and: 'LogicalAnd', logical_or: 'LogicalOr' };
const bitwise = { __and__: 'LogicalAnd', __or__: 'LogicalOr', bitwise_and: 'LogicalAnd', bitwise_or: 'LogicalOr' };

export const comparisonOps: Readonly<Record<string, AtenOp>> = {
  ...mapped(comparisons, (operation, op) => {
    const [a, b] = promoted(operation.builder, [operation.operand('self'), operation.operand('other')]);
    return binary(operation.builder, op, a, b, 'bool');
  }),
  ...mapped(logical, (operation, op) => elementwise(operation.builder, op, truths(operation), 'bool')),
  ...mapped(bitwise, (operation, op) => elementwise(operation.builder, op, ofBooleans(operation), 'bool')),
  logical_xor: (operation) => different(operation, truths(operation)),
  bitwise_xor: (operation) => different(operation, ofBooleans(operation)),
  __xor__: (operation) => different(operation, ofBooleans(operation)),
  logical_not: (operation) => unary(operation.builder, 'LogicalNot', truth(operation, 'self')),
  bitwise_not(operation) {
    const x = operation.tensor('self');
    const { builder } = operation;
    if (x.dtype === 'bool') return unary(builder, 'LogicalNot', x);
    return withNumber(builder, 'Sub', unary(builder, 'Neg', x), 1); // two's complement
  },
  isnan: (operation) => unary(operation.builder, 'IsNan', operation.tensor('self'), {}, 'bool'),
  isinf: (operation) => unary(operation.builder, 'IsInf', operation.tensor('self'), {}, 'bool'),
  isfinite: (operation) => unary(operation.builder, 'IsFinite', operation.tensor('self'), {}, 'bool'),
};

function truth(operation: AtenOperation, name: string): Value {
  return cast(operation.builder, operation.operand(name), 'bool');
}

function truths(operation: AtenOperation): Value[] {
  return [truth(operation, 'self'), truth(operation, 'other')];
}

/** Bits of integers have no op in most backends of tfjs. */
function ofBooleans(operation: AtenOperation): Value[] {
  const { op, dtype } = operation;
  if (dtype !== 'bool') throw new FormatError(violation(reader, `aten.${op} must be of booleans`, dtype));
  return truths(operation);
}

function different({ builder }: AtenOperation, values: readonly Value[]): Value {
  return elementwise(builder, 'NotEqual', values.map((value) => cast(builder, value, 'int32')), 'bool'); // prettier-ignore
}
