import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { readableValues, requireRange, requireType } from '@tfjs-sparse/core';
import type { EntryLayout } from '../k-sparse/entry-layout.js';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { rowsOf } from '../k-sparse/rows-of.js';

const mostElements = 2 ** 31 - 1; // an index is 32 bits wide

/**
 * How the entries lie, whose indices are checked where the host knows them.
 *
 * @throws RangeError or TypeError for a dictionary or indices that cannot be
 */
export function layoutOf(op: string, indices: Tensor, dictionary: Tensor2D, rows: number | undefined): EntryLayout {
  requireType(dictionary.dtype === 'float32', op, 'dictionary must be float32', dictionary.dtype);
  requireRange(dictionary.rank === 2, op, 'dictionary must be [features, width]', dictionary.shape);
  requireType(indices.dtype === 'int32', op, 'indices must be int32', indices.dtype);
  const [features] = dictionary.shape;
  requireEntryIndices(op, indices, features, rows, 'features');
  if (rows !== undefined) return { rows, features, k: null };
  return { rows: rowsOf(indices.shape), features, k: indices.shape[indices.rank - 1] };
}

/**
 * @param places that an entry can have in its row
 * @param name   of the places in errors
 * @throws RangeError for the shape of indices and, where the host knows them, for an index that is no place of its row
 */
export function requireEntryIndices(
  op: string,
  indices: Tensor,
  places: number,
  rows: number | undefined,
  name: 'features' | 'width',
): void {
  if (rows === undefined) {
    requireRange(indices.rank >= 1, op, 'indices must have at least 1 axis', indices.rank);
    const wrong = readableValues(indices)?.find((index) => index < -1 || index >= places);
    const meaning = name === 'features' ? 'rows of dictionary' : 'width';
    requireRange(wrong === undefined, op, `indices must be from -1 to ${places - 1} (${meaning})`, wrong);
    return;
  }
  requireRange(Number.isInteger(rows) && rows >= 0, op, 'rows must be an integer from 0', rows);
  requireRange(indices.rank === 1, op, 'indices must be [entries] where rows are given', indices.shape);
  requireRange(rows * places <= mostElements, op, `rows * ${name} must be at most ${mostElements}`, rows * places);
  requireAscending(op, indices, rows * places, name);
}

function requireAscending(op: string, indices: Tensor, end: number, name: string): void {
  const values = readableValues(indices);
  if (!values) return;
  const wrong = values.findIndex((index, i) => index < 0 || index >= end || (i > 0 && index <= values[i - 1]));
  const rule = `indices must ascend from 0 to ${end - 1} (rows * ${name})`;
  requireRange(wrong < 0, op, rule, `${values[wrong]} at ${wrong}`);
}

/** @throws RangeError where values are not shaped as the indices, TypeError for other than float32 */
export function requireEntries(op: string, { values, indices }: KSparse): void {
  requireType(values.dtype === 'float32', op, 'values must be float32', values.dtype);
  const isFitting = values.shape.join() === indices.shape.join();
  requireRange(isFitting, op, `values must be [${indices.shape.join(', ')}] (as indices)`, values.shape);
}

/** @throws RangeError unless an optional vector has so many elements, TypeError for other than float32 */
export function requireWidth(op: string, role: string, vector: Tensor1D | undefined, size: number, axis: string): void {
  if (!vector) return;
  requireType(vector.dtype === 'float32', op, `${role} must be float32`, vector.dtype);
  const isFitting = vector.rank === 1 && vector.shape[0] === size;
  requireRange(isFitting, op, `${role} must be [${size}] (${axis} of dictionary)`, vector.shape);
}
