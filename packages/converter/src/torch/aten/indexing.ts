import { violation } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../../format-error.js';
import { broadcastShape, elementwise, select } from '../../lowering/elementwise.js';
import { fromStart, gatherNd, scatterRows } from '../../lowering/gathering.js';
import { reshape, transpose, unsqueeze } from '../../lowering/layout.js';
import { broadcastTo } from '../../lowering/products.js';
import { concat, gather } from '../../lowering/slicing.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { plainOrder, type Length, type Value } from '../../lowering/value.js';
import { reader } from '../aten-operation.js';

/** `x[indices]` as PyTorch has it; null keeps an axis. */
export function indexed(builder: TensorBuilder, x: Value, indices: readonly (Value | null)[]): Value {
  const { axes, given } = namedAxes(indices);
  requireIntegers(given);
  const rest = plainOrder(x.shape.length).filter((axis) => !axes.includes(axis));
  if (axes.length === 1) return gather(builder, x, fromStart(builder, given[0], x.shape[axes[0]]), axes[0]);
  const rows = gatherNd(builder, transpose(builder, x, [...axes, ...rest]), places(builder, x, axes, given));
  return transpose(builder, rows, indexedOrder(axes, rows.shape.length, rows.shape.length - rest.length));
}

/** Axes of rows `[...indices, ...rest]` as a result has them: those of neighbouring indices where these were, others first. */
function indexedOrder(axes: readonly number[], rank: number, depth: number): number[] {
  const isTogether = axes.every((axis, i) => axis === axes[0] + i);
  const rest = plainOrder(rank).slice(depth);
  const first = isTogether ? axes[0] : 0;
  return [...rest.slice(0, first), ...plainOrder(depth), ...rest.slice(first)];
}

/** `x` with values at `x[indices]`, added to what is there or in its stead. */
export function indexedPut(
  builder: TensorBuilder,
  x: Value,
  indices: readonly (Value | null)[],
  values: Value,
  isSum: boolean,
): Value {
  const { axes, given } = namedAxes(indices);
  if (given.length === 1 && given[0].dtype === 'bool') return masked(builder, x, given[0], values, isSum);
  requireIntegers(given);
  const rest = plainOrder(x.shape.length).filter((axis) => !axes.includes(axis));
  const first = [...axes, ...rest];
  const of = places(builder, x, axes, given);
  const [outer, inner] = [of.shape.slice(0, -1), rest.map((axis) => x.shape[axis])];
  const order = indexedOrder(axes, outer.length + inner.length, outer.length);
  const shape = order.map((axis) => [...outer, ...inner][axis]);
  const moved = transpose(builder, broadcastTo(builder, values, shape), plainOrder(order.length).map((axis) => order.indexOf(axis))); // prettier-ignore
  const count = outer.reduce<Length>((all, length) => builder.times(all, length), 1);
  const rows = reshape(builder, moved, [count, ...inner]);
  const updated = scatterRows(builder, transpose(builder, x, first), reshape(builder, of, [count, axes.length]), rows, isSum); // prettier-ignore
  return transpose(builder, updated, plainOrder(first.length).map((axis) => first.indexOf(axis))); // prettier-ignore
}

function namedAxes(indices: readonly (Value | null)[]) {
  const axes = plainOrder(indices.length).filter((axis) => indices[axis] !== null);
  return { axes, given: axes.map((axis) => indices[axis]!) };
}

function requireIntegers(given: readonly Value[]): void {
  const isOfIntegers = given.length > 0 && given.every(({ dtype }) => dtype === 'int32');
  requireFormat(isOfIntegers, reader, 'indices must be integers, as masks give a count that only a run knows', given[0]?.dtype); // prettier-ignore
}

/** One value wherever a mask holds. */
function masked(builder: TensorBuilder, x: Value, mask: Value, values: Value, isSum: boolean): Value {
  if (values.shape.some((length) => length !== 1)) throw new FormatError(violation(reader, 'aten.index_put by a mask must put one value', `[${values.shape}]`)); // prettier-ignore
  const missing = plainOrder(x.shape.length).slice(mask.shape.length);
  const one = reshape(builder, values, []);
  const changed = isSum ? elementwise(builder, 'AddV2', [x, one]) : one;
  return select(builder, unsqueeze(builder, mask, missing), changed, x);
}

/** Indices of several axes as one tensor `[..., axes]`. */
function places(builder: TensorBuilder, x: Value, axes: readonly number[], given: readonly Value[]): Value {
  const shape = broadcastShape(given.map((index) => index.shape));
  const each = given.map((index, i) => {
    const whole = broadcastTo(builder, fromStart(builder, index, x.shape[axes[i]]), shape);
    return unsqueeze(builder, whole, [shape.length]);
  });
  return concat(builder, each, shape.length);
}
