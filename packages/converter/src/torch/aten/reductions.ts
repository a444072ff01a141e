import { requireFormat } from '../../format-error.js';
import { cast, elementwise, unary, withNumber } from '../../lowering/elementwise.js';
import { plain, reshape, unsqueeze } from '../../lowering/layout.js';
import { argument, countAlong, cumulative, logSumExp, norm, reduce, topK, variance, type Reduction } from '../../lowering/reductions.js'; // prettier-ignore
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { Length, Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';
import { mapped } from './mapped.js';

const reductions = {
  sum: 'Sum',
  mean: 'Mean',
  prod: 'Prod',
  amax: 'Max',
  amin: 'Min',
  max: 'Max',
  min: 'Min',
} as const;

export const reductionOps: Readonly<Record<string, AtenOp>> = {
  ...mapped<Reduction>(reductions, (operation, op) => over(operation, (...of) => reduce(operation.builder, op, ...of))),
  all: (operation) => ofTruths(operation, 'All'),
  any: (operation) => ofTruths(operation, 'Any'),
  'max.dim': (operation) => withPlace(operation, 'Max', 'ArgMax'),
  'min.dim': (operation) => withPlace(operation, 'Min', 'ArgMin'),
  aminmax: (operation) => (['Min', 'Max'] as const).map((op) => over(operation, (...of) => reduce(operation.builder, op, ...of))), // prettier-ignore
  argmax: (operation) => place(operation, 'ArgMax'),
  argmin: (operation) => place(operation, 'ArgMin'),
  logsumexp: (operation) => over(operation, (...of) => logSumExp(operation.builder, ...of)),
  var: (operation) => spread(operation),
  std: (operation) => unary(operation.builder, 'Sqrt', spread(operation)),
  var_mean: (operation) => [spread(operation), mean(operation)],
  std_mean: (operation) => [unary(operation.builder, 'Sqrt', spread(operation)), mean(operation)],
  norm: (operation) => length(operation, 'p'),
  linalg_vector_norm: (operation) => length(operation, 'ord'),
  linalg_norm(operation) {
    const isOfVectors =
      !operation.has('ord') || operation.axes('dim', operation.tensor('self').shape.length).length === 1;
    requireFormat(isOfVectors, reader, 'aten.linalg_norm must be of vectors, not matrices', 'a matrix');
    return length(operation, 'ord');
  },
  count_nonzero: (operation) =>
    over(operation, (x, axes) => {
      const truths = cast(operation.builder, cast(operation.builder, x, 'bool'), 'int32');
      return reduce(operation.builder, 'Sum', truths, axes, false);
    }),
  cumsum: (operation) => running(operation, 'Cumsum'),
  cumprod: (operation) => running(operation, 'Cumprod'),
  topk(operation) {
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length, -1);
    return topK(operation.builder, x, operation.length('k'), axis, operation.isTrue('largest', true));
  },
  sort: (operation) => sorted(operation),
  argsort: (operation) => sorted(operation)[1],
};

type Over = (x: Value, axes: readonly number[], isKept: boolean) => Value;

/** In the type of the result, as sums of booleans count. */
function over(operation: AtenOperation, of: Over): Value {
  const given = operation.tensor('self');
  const x = given.dtype === 'bool' ? cast(operation.builder, given, 'int32') : given;
  const ofResult = operation.dtype === 'float32' ? cast(operation.builder, x, 'float32') : x;
  return of(ofResult, operation.axes('dim', x.shape.length), operation.isTrue('keepdim'));
}

function ofTruths(operation: AtenOperation, op: 'All' | 'Any'): Value {
  const { builder } = operation;
  const x = operation.tensor('self');
  return reduce(
    builder,
    op,
    cast(builder, x, 'bool'),
    operation.axes('dim', x.shape.length),
    operation.isTrue('keepdim'),
  );
}

function place(operation: AtenOperation, op: 'ArgMax' | 'ArgMin'): Value {
  const { builder } = operation;
  const x = operation.tensor('self');
  if (!operation.has('dim')) return argument(builder, op, reshape(builder, x, [count(builder, x.shape)]), 0);
  const axis = operation.axis('dim', x.shape.length);
  const found = argument(builder, op, x, axis);
  return operation.isTrue('keepdim') ? unsqueeze(builder, plain(builder, found), [axis]) : found;
}

function withPlace(operation: AtenOperation, op: 'Max' | 'Min', ofPlace: 'ArgMax' | 'ArgMin'): Value[] {
  return [over(operation, (...of) => reduce(operation.builder, op, ...of)), place(operation, ofPlace)];
}

function mean(operation: AtenOperation): Value {
  return over(operation, (...of) => reduce(operation.builder, 'Mean', ...of));
}

/** Divided by the count less `correction`, which was once the boolean `unbiased`. */
function spread(operation: AtenOperation): Value {
  const { builder } = operation;
  const correction = operation.has('correction') ? operation.number('correction') : Number(operation.isTrue('unbiased', true)); // prettier-ignore
  return over(operation, (x, axes, isKept) => {
    const biased = variance(builder, x, axes, isKept);
    if (correction === 0) return biased;
    const elements = countAlong(builder, x, axes);
    const factor = elementwise(builder, 'RealDiv', [elements, withNumber(builder, 'Sub', elements, correction)]);
    return elementwise(builder, 'Mul', [biased, factor]);
  });
}

function length(operation: AtenOperation, power: string): Value {
  const order = operation.number(power, 2);
  requireFormat(order > 0, reader, `aten.${operation.op} must have a positive ${power}`, order);
  return over(operation, (...[x, axes, isKept]) => norm(operation.builder, x, order, axes, isKept));
}

function running(operation: AtenOperation, op: 'Cumsum' | 'Cumprod'): Value {
  const x = cast(operation.builder, operation.tensor('self'), operation.dtype);
  return cumulative(operation.builder, op, x, operation.axis('dim', x.shape.length), false, false);
}

/** All of an axis by `topK`, which sorts downward; of equal elements the first comes first. */
function sorted(operation: AtenOperation): readonly [Value, Value] {
  const x = operation.tensor('self');
  const axis = operation.axis('dim', x.shape.length, -1);
  return topK(operation.builder, x, x.shape[axis], axis, operation.isTrue('descending'));
}

function count(builder: TensorBuilder, shape: readonly Length[]): Length {
  return shape.reduce((all, each) => builder.times(all, each), 1);
}
