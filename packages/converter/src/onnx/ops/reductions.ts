import { unary } from '../../lowering/elementwise.js';
import { plain, unsqueeze } from '../../lowering/layout.js';
import { argument, cumulative, logSumExp, norm, reduce, topK, type Reduction } from '../../lowering/reductions.js';
import { axisOf } from '../../lowering/slicing.js';
import { reverse } from '../../lowering/gathering.js';
import { plainOrder, sizesOf, type Value } from '../../lowering/value.js';
import { requireFormat } from '../../format-error.js';
import { input, integersOf, knownInput, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

export const reductionOps: Readonly<Record<string, OnnxOp>> = {
  ReduceSum: (operation) => by(operation, 'Sum'),
  ReduceMean: (operation) => by(operation, 'Mean'),
  ReduceMax: (operation) => by(operation, 'Max'),
  ReduceMin: (operation) => by(operation, 'Min'),
  ReduceProd: (operation) => by(operation, 'Prod'),
  ReduceL1: (operation) => over(operation, (x, axes, isKept) => norm(operation.builder, x, 1, axes, isKept)),
  ReduceL2: (operation) => over(operation, (x, axes, isKept) => norm(operation.builder, x, 2, axes, isKept)),
  ReduceSumSquare: (operation) =>
    over(operation, (x, axes, isKept) => reduce(operation.builder, 'Sum', unary(operation.builder, 'Square', x), axes, isKept)), // prettier-ignore
  ReduceLogSum: (operation) =>
    over(operation, (x, axes, isKept) => unary(operation.builder, 'Log', reduce(operation.builder, 'Sum', x, axes, isKept))), // prettier-ignore
  ReduceLogSumExp: (operation) => over(operation, (x, axes, isKept) => logSumExp(operation.builder, x, axes, isKept)),
  ArgMax: (operation) => place(operation, 'ArgMax'),
  ArgMin: (operation) => place(operation, 'ArgMin'),
  TopK(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const [k] = attributes.has('k') ? [attributes.integer('k')] : (sizesOf(input(operation, 1)) ?? []);
    requireFormat(k !== undefined, 'convert', 'k of TopK must be known before a run', 'a value that is computed');
    const axis = axisOf(attributes.integer('axis', -1), x.shape.length);
    return topK(builder, x, k, axis, attributes.integer('largest', 1) !== 0);
  },
  CumSum(operation) {
    const { attributes } = operation;
    const x = input(operation, 0);
    const axis = axisOf(knownInput(operation, 1)[0], x.shape.length);
    const isOf = (name: string) => attributes.integer(name, 0) !== 0;
    return cumulative(operation.builder, 'Cumsum', x, axis, isOf('exclusive'), isOf('reverse'));
  },
};

function by(operation: OnnxOperation, op: Reduction): Value {
  return over(operation, (x, axes, isKept) => reduce(operation.builder, op, x, axes, isKept));
}

function over(operation: OnnxOperation, of: (x: Value, axes: readonly number[], isKept: boolean) => Value): Value {
  const { attributes } = operation;
  const x = input(operation, 0);
  const given = (integersOf(operation, 'axes', 1) ?? []).map((axis) => axisOf(axis, x.shape.length));
  if (given.length === 0 && attributes.integer('noop_with_empty_axes', 0) !== 0) return x;
  const axes = given.length > 0 ? given : plainOrder(x.shape.length);
  return of(x, axes, attributes.integer('keepdims', 1) !== 0);
}

function place(operation: OnnxOperation, op: 'ArgMax' | 'ArgMin'): Value {
  const { builder, attributes } = operation;
  const x = input(operation, 0);
  const axis = axisOf(attributes.integer('axis', 0), x.shape.length);
  const isLast = attributes.integer('select_last_index', 0) !== 0;
  const found = isLast ? lastArgument(operation, op, x, axis) : argument(builder, op, x, axis);
  return attributes.integer('keepdims', 1) === 0 ? found : unsqueeze(builder, plain(builder, found), [axis]);
}

/** The last of equal elements: the first of the reversed axis, counted from its end. */
function lastArgument({ builder }: OnnxOperation, op: 'ArgMax' | 'ArgMin', x: Value, axis: number): Value {
  const found = argument(builder, op, reverse(builder, x, [axis]), axis);
  const last = builder.integers([builder.minus(x.shape[axis], 1)], []);
  return builder.emit('Sub', [last, plain(builder, found)], { dtype: 'int32', shape: found.shape });
}
