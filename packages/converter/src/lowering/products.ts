import { requireFormat } from '../format-error.js';
import { broadcastShape, elementwise } from './elementwise.js';
import { inOrder, plain, reshape, squeeze, transpose, unsqueeze } from './layout.js';
import type { TensorBuilder } from './tensor-builder.js';
import { elementCount, plainOrder, type Length, type Value } from './value.js';

/** Matrix products over the last two axes, as numpy's `matmul`: vectors become matrices, the axes before are broadcast. */
export function matMul(builder: TensorBuilder, a: Value, b: Value): Value {
  const [isRow, isColumn] = [a.shape.length === 1, b.shape.length === 1];
  if (isRow || isColumn) {
    const left = isRow ? unsqueeze(builder, a, [0]) : a;
    const product = matMul(builder, left, isColumn ? unsqueeze(builder, b, [1]) : b);
    const rank = product.shape.length;
    return squeeze(builder, product, [...(isRow ? [rank - 2] : []), ...(isColumn ? [rank - 1] : [])]);
  }
  if (b.shape.length === 2) return byMatrix(builder, a, b);
  const rank = Math.max(a.shape.length, b.shape.length);
  return ofBatches(builder, withRank(builder, a, rank), withRank(builder, b, rank));
}

/** Rows of all axes before the last times one matrix: one product. */
function byMatrix(builder: TensorBuilder, a: Value, b: Value): Value {
  const [before, depth] = [a.shape.slice(0, -1), a.shape[a.shape.length - 1]];
  const [, columns] = b.shape;
  requireDepth(depth, b.shape[0]);
  const isOfRows = a.shape.length === 2;
  const rows = isOfRows ? before[0] : before.reduce((product, length) => builder.times(product, length), 1);
  const left = isOfRows ? a : reshape(builder, a, [rows, depth]);
  const flags = { transpose_a: { b: isSwapped(left) }, transpose_b: { b: !b.constant && isSwapped(b) } };
  const right = b.constant ? plain(builder, b) : b;
  const product = builder.emit('MatMul', [left, right], { dtype: a.dtype, shape: [rows, columns] }, flags);
  return isOfRows ? product : reshape(builder, product, [...before, columns]);
}

function ofBatches(builder: TensorBuilder, a: Value, b: Value): Value {
  const rank = a.shape.length;
  requireDepth(a.shape[rank - 1], b.shape[rank - 2]);
  const batch = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const [left, right] = [a, b].map((value) => batchesLikely(builder, value, batch));
  const flags = { adj_x: { b: isSwapped(left) }, adj_y: { b: isSwapped(right) } };
  const shape = [...batch, a.shape[rank - 2], b.shape[rank - 1]];
  return builder.emit('BatchMatMulV2', [left, right], { dtype: a.dtype, shape }, flags);
}

/** tfjs broadcasts batches of one only; the last two axes may stay swapped. */
function batchesLikely(builder: TensorBuilder, value: Value, batch: readonly Length[]): Value {
  const own = value.shape.slice(0, -2);
  const rank = value.shape.length;
  const isWhole = elementCount(own) === 1 || own.every((length, axis) => length === batch[axis]);
  const stretched = isWhole ? value : broadcastTo(builder, value, [...batch, ...value.shape.slice(-2)]);
  const swapped = [...plainOrder(rank - 2), rank - 1, rank - 2];
  return isSwapped(stretched) ? inOrder(builder, stretched, swapped) : plain(builder, stretched);
}

/** Whether only the last two axes are swapped. */
function isSwapped({ order }: Value): boolean {
  const rank = order.length;
  const isPlain = order.slice(0, -2).every((axis, i) => axis === i);
  return isPlain && order[rank - 1] === rank - 2 && order[rank - 2] === rank - 1;
}

function withRank(builder: TensorBuilder, value: Value, rank: number): Value {
  return unsqueeze(builder, value, plainOrder(rank - value.shape.length));
}

function requireDepth(a: Length, b: Length): void {
  const isFitting = typeof a === 'string' || typeof b === 'string' || a === b;
  requireFormat(isFitting, 'convert', `the rows of a product must have the ${a} columns of the other side`, b);
}

export function broadcastTo(builder: TensorBuilder, value: Value, shape: readonly Length[]): Value {
  const full = plain(builder, withRank(builder, value, shape.length));
  if (full.shape.every((length, axis) => length === shape[axis])) return full;
  return builder.emit('BroadcastTo', [full, builder.integers(shape)], { dtype: value.dtype, shape });
}

/** A linear layer as frameworks have it: `x weightᵀ + bias` with a weight `[out, in]`. */
export function linear(builder: TensorBuilder, x: Value, weight: Value, bias: Value | null): Value {
  const product = matMul(builder, x, transpose(builder, weight, [1, 0]));
  return bias ? elementwise(builder, 'AddV2', [product, bias]) : product;
}
