import { permutedElements } from '../graph/permuted-elements.js';
import { requireFormat } from '../format-error.js';
import type { TensorBuilder } from './tensor-builder.js';
import { elementCount, graphShape, plainOrder, type Length, type Value } from './value.js';

/** Axes of images and volumes as tfjs' convolutions take them: batch, places, channels. */
export function channelsLast(rank: number): number[] {
  return [0, ...plainOrder(rank).slice(2), 1];
}

const made = new WeakMap<Value, Map<string, Value>>();

/** The value with the axes of the graph's tensor in this order; made once. */
export function inOrder(builder: TensorBuilder, value: Value, order: readonly number[]): Value {
  if (isSame(value.order, order)) return value;
  let ofValue = made.get(value);
  if (!ofValue) made.set(value, (ofValue = new Map()));
  const key = order.join();
  let moved = ofValue.get(key);
  if (!moved) ofValue.set(key, (moved = movedTo(builder, value, order)));
  return moved;
}

/** The value with its axes in the graph as the network has them. */
export function plain(builder: TensorBuilder, value: Value): Value {
  return inOrder(builder, value, plainOrder(value.shape.length));
}

function movedTo(builder: TensorBuilder, value: Value, order: readonly number[]): Value {
  const { dtype, shape, constant } = value;
  if (constant) {
    const { node } = builder.constant(
      order.map((axis) => shape[axis] as number),
      permutedElements(constant, shape as number[], order),
    );
    return { node, dtype, shape, order, constant };
  }
  const isLong = (axis: number) => shape[axis] !== 1;
  if (isSame(value.order.filter(isLong), order.filter(isLong))) {
    const operand = shapeOperand(builder, graphShape({ shape, order }));
    return builder.emit('Reshape', [value, operand], { dtype, shape, order });
  }
  const places = order.map((axis) => value.order.indexOf(axis));
  return builder.emit('Transpose', [value, builder.integers(places)], { dtype, shape, order });
}

/** The second input of a Reshape. */
export function shapeOperand(builder: TensorBuilder, shape: readonly Length[]): Value {
  const unknown = shape.filter((length) => typeof length === 'string');
  const isEmpty = shape.includes(0);
  if (unknown.length !== 1 || isEmpty) return builder.integers(shape);
  return builder.integers(shape.map((length) => (typeof length === 'string' ? -1 : length)));
}

/** The same elements under another shape, row-major in the value's axes. */
export function reshape(builder: TensorBuilder, value: Value, shape: readonly Length[]): Value {
  const { constant, sizes, dtype } = value;
  if (isSame(value.shape, shape)) return value;
  if (constant && shape.every((length) => typeof length === 'number')) return builder.constant(shape, constant);
  if (sizes && shape.every((length) => typeof length === 'number')) return builder.integers(sizes, shape);
  const [before, after] = [elementCount(value.shape), elementCount(shape)];
  const isFitting = before === null || after === null || before === after;
  requireFormat(isFitting, 'convert', `a tensor [${value.shape}] must have as many elements as [${shape}]`, before);
  const operand = shapeOperand(builder, shape);
  return builder.emit('Reshape', [plain(builder, value), operand], { dtype, shape });
}

/** Axis i of the result is axis `axes[i]` of the value; nothing moves before someone needs it. */
export function transpose(builder: TensorBuilder, value: Value, axes: readonly number[]): Value {
  const isOrder = axes.length === value.shape.length && new Set(axes).size === axes.length && axes.every((axis) => axis in value.shape); // prettier-ignore
  requireFormat(isOrder, 'convert', `axes must be an order of the ${value.shape.length} axes of a tensor`, `[${axes}]`);
  const shape = axes.map((axis) => value.shape[axis]);
  if (value.constant) {
    return builder.constant(shape as number[], permutedElements(value.constant, value.shape as number[], axes));
  }
  return { ...value, shape, order: value.order.map((axis) => axes.indexOf(axis)), sizes: undefined };
}

/** Puts axes of length 1 where `axes` of the result say. */
export function unsqueeze(builder: TensorBuilder, value: Value, axes: readonly number[]): Value {
  const rank = value.shape.length + axes.length;
  const added = new Set(axes);
  const kept = plainOrder(rank).filter((axis) => !added.has(axis));
  const shape: Length[] = plainOrder(rank).map(() => 1);
  kept.forEach((axis, i) => (shape[axis] = value.shape[i]));
  if (isSame(value.order, plainOrder(value.shape.length))) return reshape(builder, value, shape);
  const order = value.order.map((axis) => kept[axis]);
  for (const axis of [...axes].sort((a, b) => a - b)) {
    const behind = order.indexOf(axis - 1); // beside the axis before it
    order.splice(behind + 1, 0, axis);
  }
  const operand = shapeOperand(builder, graphShape({ shape, order }));
  return builder.emit('Reshape', [value, operand], { dtype: value.dtype, shape, order });
}

/** Leaves axes of length 1 out. */
export function squeeze(builder: TensorBuilder, value: Value, axes: readonly number[]): Value {
  const kept = plainOrder(value.shape.length).filter((axis) => !axes.includes(axis));
  const shape = kept.map((axis) => value.shape[axis]);
  if (isSame(value.order, plainOrder(value.shape.length))) return reshape(builder, value, shape);
  const order = value.order.filter((axis) => kept.includes(axis)).map((axis) => kept.indexOf(axis));
  const operand = shapeOperand(builder, graphShape({ shape, order }));
  return builder.emit('Reshape', [value, operand], { dtype: value.dtype, shape, order });
}

export function isSame(a: readonly Length[], b: readonly Length[]): boolean {
  return a.length === b.length && a.every((element, i) => element === b[i]);
}

/** With what -1 stands for. */
export function wholeShape(builder: TensorBuilder, from: readonly Length[], to: readonly Length[]): Length[] {
  if (!to.includes(-1)) return [...to];
  const product = (lengths: readonly Length[]) => lengths.reduce((all, length) => builder.times(all, length), 1);
  // Axes that both have need no division, so that names of sizes cancel.
  const rest = [...from];
  const others = to.filter((length) => {
    const place = length === -1 || typeof length === 'number' ? -1 : rest.indexOf(length);
    if (place >= 0) rest.splice(place, 1);
    return length !== -1 && place < 0;
  });
  const missing = builder.dividedBy(product(rest), product(others));
  return to.map((length) => (length === -1 ? missing : length));
}
