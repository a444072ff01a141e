import { cast, elementwise, unary, withNumber } from './elementwise.js';
import { inOrder, plain } from './layout.js';
import { broadcastTo } from './products.js';
import type { TensorBuilder } from './tensor-builder.js';
import { plainOrder, sizesOf, type Length, type Value } from './value.js';

export type Reduction = 'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'All' | 'Any';

/** @param axes none for all */
export function reduce(
  builder: TensorBuilder,
  op: Reduction,
  x: Value,
  axes: readonly number[],
  isKept: boolean,
): Value {
  const of = axes.length === 0 ? plainOrder(x.shape.length) : axes;
  const made = reduced(x, of, isKept);
  if (of.some((axis) => x.shape[axis] === 0)) return ofNothing(builder, op, made);
  const sizes = sizesOf(x);
  if (op === 'Prod' && sizes && x.dtype === 'int32' && x.shape.length === 1) {
    return builder.integers([sizes.reduce((product, size) => builder.times(product, size), 1)], isKept ? [1] : []);
  }
  const places = builder.integers(of.map((axis) => x.order.indexOf(axis)));
  return builder.emit(op, [x, places], made, { keep_dims: { b: isKept } });
}

const ofNoElements: Readonly<Record<Reduction, number>> = {
  Sum: 0,
  Mean: NaN,
  Max: -Infinity,
  Min: Infinity,
  Prod: 1,
  All: 1,
  Any: 0,
};

/** tfjs' kernels read what is not there. */
function ofNothing(builder: TensorBuilder, op: Reduction, { dtype, shape }: Pick<Value, 'dtype' | 'shape'>): Value {
  const number = ofNoElements[op];
  const bounded = dtype === 'float32' ? number : Math.min(Math.max(number, -(2 ** 31)), 2 ** 31 - 1);
  return broadcastTo(builder, builder.scalar(dtype === 'bool' ? Number(number > 0) : bounded, dtype), shape);
}

function reduced({ dtype, shape, order }: Value, axes: readonly number[], isKept: boolean) {
  if (isKept) return { dtype, shape: shape.map((length, axis) => (axes.includes(axis) ? 1 : length)), order };
  const kept = plainOrder(shape.length).filter((axis) => !axes.includes(axis));
  const left = order.filter((axis) => kept.includes(axis)).map((axis) => kept.indexOf(axis));
  return { dtype, shape: kept.map((axis) => shape[axis]), order: left };
}

/** Index of the largest or smallest element of an axis, the first of equal ones. */
export function argument(builder: TensorBuilder, op: 'ArgMax' | 'ArgMin', x: Value, axis: number): Value {
  const place = builder.scalar(x.order.indexOf(axis), 'int32');
  return builder.emit(op, [x, place], { ...reduced(x, [axis], false), dtype: 'int32' });
}

export function softmax(builder: TensorBuilder, x: Value, axis: number): Value {
  const { dtype, shape, order } = x;
  const last = order[order.length - 1] === axis ? x : inOrder(builder, x, [...order.filter((each) => each !== axis), axis]); // prettier-ignore
  return builder.emit('Softmax', [last], { dtype, shape, order: last.order });
}

/** tfjs' wasm backend has no LogSoftmax. */
export function logSoftmax(builder: TensorBuilder, x: Value, axis: number): Value {
  const shifted = elementwise(builder, 'Sub', [x, reduce(builder, 'Max', x, [axis], true)]);
  const sum = reduce(builder, 'Sum', unary(builder, 'Exp', shifted), [axis], true);
  return elementwise(builder, 'Sub', [shifted, unary(builder, 'Log', sum)]);
}

export function logSumExp(builder: TensorBuilder, x: Value, axes: readonly number[], isKept: boolean): Value {
  const largest = reduce(builder, 'Max', x, axes, true);
  const powers = unary(builder, 'Exp', elementwise(builder, 'Sub', [x, largest]));
  const logarithm = unary(builder, 'Log', reduce(builder, 'Sum', powers, axes, isKept));
  const offset = isKept ? largest : reduce(builder, 'Max', x, axes, false);
  return elementwise(builder, 'AddV2', [logarithm, offset]);
}

/** Mean squared difference from the mean. */
export function variance(builder: TensorBuilder, x: Value, axes: readonly number[], isKept: boolean): Value {
  const mean = reduce(builder, 'Mean', x, axes, true);
  return reduce(builder, 'Mean', elementwise(builder, 'SquaredDifference', [x, mean]), axes, isKept);
}

/** Values of the k largest or smallest of the last axis, and their indices. */
export function topK(
  builder: TensorBuilder,
  x: Value,
  k: Length,
  axis: number,
  isLargest: boolean,
): readonly [values: Value, indices: Value] {
  const { shape } = x;
  const order = [...plainOrder(shape.length).filter((each) => each !== axis), axis];
  const source = inOrder(builder, isLargest ? x : unary(builder, 'Neg', x), order);
  const count = builder.integers([k], []);
  const made = { shape: shape.map((length, each) => (each === axis ? k : length)), order };
  const values = builder.emit('TopKV2', [source, count], { ...made, dtype: x.dtype }, { sorted: { b: true } });
  const indices: Value = { node: values.node, output: '1', dtype: 'int32', ...made };
  return [isLargest ? values : unary(builder, 'Neg', values), indices];
}

export function cumulative(
  builder: TensorBuilder,
  op: 'Cumsum' | 'Cumprod',
  x: Value,
  axis: number,
  isExclusive: boolean,
  isReverse: boolean,
): Value {
  const { dtype, shape } = x;
  const attributes = { exclusive: { b: isExclusive }, reverse: { b: isReverse } };
  return builder.emit(op, [plain(builder, x), builder.scalar(axis, 'int32')], { dtype, shape }, attributes);
}

/** Sum of absolute values, or root of the sum of squares. */
export function norm(builder: TensorBuilder, x: Value, power: number, axes: readonly number[], isKept: boolean): Value {
  const sizes = unary(builder, 'Abs', x);
  if (power === 1) return reduce(builder, 'Sum', sizes, axes, isKept);
  if (power === Infinity) return reduce(builder, 'Max', sizes, axes, isKept);
  if (power === 2) return unary(builder, 'Sqrt', reduce(builder, 'Sum', unary(builder, 'Square', x), axes, isKept));
  const powers = reduce(builder, 'Sum', withNumber(builder, 'Pow', sizes, power), axes, isKept);
  return withNumber(builder, 'Pow', powers, 1 / power);
}

/** How many elements are averaged, as a number of the tensor's type. */
export function countAlong(builder: TensorBuilder, { shape, dtype }: Value, axes: readonly number[]): Value {
  const of = axes.length === 0 ? plainOrder(shape.length) : axes;
  const count = of.reduce<Length>((product, axis) => builder.times(product, shape[axis]), 1);
  return cast(builder, builder.integers([count], []), dtype);
}
