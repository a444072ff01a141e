import { violation } from '@tfjs-sparse/core';
import { FormatError } from '../format-error.js';
import type { Attributes } from '../graph/attributes.js';
import { savedType } from '../graph/constants.js';
import { permutedElements } from '../graph/permuted-elements.js';
import { inOrder, isSame, plain, reshape } from './layout.js';
import type { TensorBuilder } from './tensor-builder.js';
import { elementCount, numbersOf, plainOrder, sizesOf, type ElementType, type Length, type Value } from './value.js';

/** Shape of what numpy's broadcasting gives; a size that is not known counts as none that is stretched. */
export function broadcastShape(shapes: readonly (readonly Length[])[]): Length[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return plainOrder(rank).map((axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).filter((length) => length !== 1);
    const [known = lengths[0]] = lengths.filter((length) => typeof length === 'number');
    const isFitting = lengths.every((length) => typeof length === 'string' || length === known);
    if (!isFitting) throw new FormatError(violation('convert', 'shapes must broadcast', shapes.map((shape) => `[${shape}]`).join(' and '))); // prettier-ignore
    return known ?? 1;
  });
}

/** A node of one input that computes each element by itself. */
export function unary(
  builder: TensorBuilder,
  op: string,
  x: Value,
  attributes: Attributes = {},
  dtype: ElementType = x.dtype,
): Value {
  return builder.emit(op, [x], { dtype, shape: x.shape, order: x.order }, attributes);
}

/** A node that computes each element of what its inputs are broadcast to. */
export function elementwise(
  builder: TensorBuilder,
  op: string,
  inputs: readonly Value[],
  dtype: ElementType = inputs[0].dtype,
): Value {
  const shape = broadcastShape(inputs.map((input) => input.shape));
  const order = commonOrder(inputs, shape.length);
  const conformed = inputs.map((input) => conform(builder, input, order));
  return builder.emit(op, conformed, { dtype, shape, order });
}

/** The order of an input that is not to be moved: one of all axes, and of the most elements. */
export function commonOrder(inputs: readonly Value[], rank: number): readonly number[] {
  const size = ({ shape }: Value) => elementCount(shape) ?? Infinity;
  const candidates = inputs.filter(({ shape, constant }) => shape.length === rank && !constant);
  const [largest] = [...candidates].sort((a, b) => size(b) - size(a));
  return largest?.order ?? plainOrder(rank);
}

/** The value so that it broadcasts with tensors of these axes. */
export function conform(builder: TensorBuilder, value: Value, order: readonly number[]): Value {
  const rank = order.length;
  const missing = rank - value.shape.length;
  if (isSame(order, plainOrder(rank))) return plain(builder, value);
  if (value.shape.every((length) => length === 1)) return scalarLike(builder, value);
  const full = missing === 0 ? value : reshape(builder, value, [...plainOrder(missing).map(() => 1), ...value.shape]);
  return full.constant ? withoutLeadingOnes(builder, full, order) : inOrder(builder, full, order);
}

/** One number, whatever its axes. */
function scalarLike(builder: TensorBuilder, value: Value): Value {
  return value.constant ? builder.constant([], value.constant) : reshape(builder, value, []);
}

/** A constant such as a bias of channels becomes a vector again. */
function withoutLeadingOnes(builder: TensorBuilder, { shape, constant }: Value, order: readonly number[]): Value {
  const moved = permutedElements(constant!, shape as number[], order);
  const lengths = order.map((axis) => shape[axis] as number);
  const first = lengths.findIndex((length) => length !== 1);
  return builder.constant(lengths.slice(first < 0 ? lengths.length : first), moved);
}

const types: readonly ElementType[] = ['bool', 'int32', 'float32'];

/** Casts to the widest of their types, at least `least`. */
export function promoted(builder: TensorBuilder, inputs: readonly Value[], least: ElementType = 'int32'): Value[] {
  const widest = types[Math.max(types.indexOf(least), ...inputs.map(({ dtype }) => types.indexOf(dtype)))];
  return inputs.map((input) => cast(builder, input, widest));
}

export function cast(builder: TensorBuilder, x: Value, dtype: ElementType): Value {
  if (x.dtype === dtype) return x;
  const { constant, shape, sizes } = x;
  if (constant) {
    if (dtype === 'float32') return builder.constant(shape as number[], Float32Array.from(constant));
    if (dtype === 'int32') return builder.constant(shape as number[], Int32Array.from(constant, Math.trunc));
    return builder.constant(
      shape as number[],
      Uint8Array.from(constant, (element) => (element === 0 ? 0 : 1)),
    );
  }
  // tfjs' wasm backend cuts bits off instead.
  if (dtype === 'bool') return elementwise(builder, 'NotEqual', [x, builder.scalar(0, x.dtype)], 'bool');
  const types = { SrcT: { type: savedType(x.dtype) }, DstT: { type: savedType(dtype) } };
  const made = unary(builder, 'Cast', x, types, dtype);
  return sizes ? { ...made, sizes } : made;
}

/** How a computation of sizes is written. */
type SizeOp = (builder: TensorBuilder, a: Length, b: Length) => Length | null;

const numberOp =
  (compute: (a: number, b: number) => number): SizeOp =>
  (_, a, b) =>
    typeof a === 'number' && typeof b === 'number' ? compute(a, b) : null;

const sizeOps: Readonly<Record<string, SizeOp>> = {
  AddV2: (builder, a, b) => builder.plus(a, b),
  Sub: (builder, a, b) => builder.minus(a, b),
  Mul: (builder, a, b) => builder.times(a, b),
  FloorDiv: (builder, a, b) => builder.dividedBy(a, b),
  Maximum: numberOp(Math.max),
  Minimum: numberOp(Math.min),
  FloorMod: numberOp((a, b) => a - b * Math.floor(a / b)),
  // A size that is not known is none of the numbers that programs ask for: -1, 0 and 1.
  Equal: (_, a, b) => Number(a === b),
  NotEqual: (_, a, b) => Number(a !== b),
  Less: numberOp((a, b) => Number(a < b)),
  LessEqual: numberOp((a, b) => Number(a <= b)),
  Greater: numberOp((a, b) => Number(a > b)),
  GreaterEqual: numberOp((a, b) => Number(a >= b)),
};

/** `elementwise` of two inputs; of integers that are known before a run, at once. */
export function binary(builder: TensorBuilder, op: string, a: Value, b: Value, dtype: ElementType = a.dtype): Value {
  return ofSizes(builder, op, a, b, dtype) ?? elementwise(builder, op, [a, b], dtype);
}

function ofSizes(builder: TensorBuilder, op: string, a: Value, b: Value, dtype: ElementType): Value | null {
  const [left, right] = [sizesOf(a), sizesOf(b)];
  const compute = sizeOps[op];
  if (!compute || !left || !right || a.dtype === 'float32' || b.dtype === 'float32') return null;
  if (Math.max(a.shape.length, b.shape.length) > 1) return null;
  const [length] = broadcastShape([a.shape, b.shape]);
  const of = (sizes: readonly Length[], i: number) => sizes[sizes.length === 1 ? 0 : i];
  const results = plainOrder((length as number | undefined) ?? 1).map((i) => compute(builder, of(left, i), of(right, i))); // prettier-ignore
  const known = results.filter((result) => result !== null);
  if (known.length < results.length) return null;
  const shape = length === undefined ? [] : [length as number];
  if (dtype === 'bool') return builder.constant(shape, Uint8Array.from(known as number[]));
  return builder.integers(known, shape);
}

/** Elements of `a` where the condition holds, else of `b`. */
export function select(builder: TensorBuilder, condition: Value, a: Value, b: Value): Value {
  const [chosen, left, right] = [numbersOf(condition), sizesOf(a), sizesOf(b)];
  const isVector = [condition, a, b].every(({ shape }) => shape.length <= 1);
  if (chosen && left && right && a.dtype === 'int32' && isVector) {
    const [length] = broadcastShape([condition.shape, a.shape, b.shape]);
    const of = (sizes: readonly Length[], i: number) => sizes[sizes.length === 1 ? 0 : i];
    const picked = plainOrder((length as number | undefined) ?? 1).map((i) => of(of(chosen, i) ? left : right, i));
    return builder.integers(picked, length === undefined ? [] : [length as number]);
  }
  return elementwise(builder, 'SelectV2', [cast(builder, condition, 'bool'), ...promoted(builder, [a, b])], widest(a, b)); // prettier-ignore
}

function widest(a: Value, b: Value): ElementType {
  return a.dtype === 'float32' || b.dtype === 'float32' ? 'float32' : 'int32';
}

/** A number beside a tensor, in the tensor's type. */
export function withNumber(builder: TensorBuilder, op: string, x: Value, number: number): Value {
  return binary(builder, op, x, builder.scalar(number, x.dtype));
}
