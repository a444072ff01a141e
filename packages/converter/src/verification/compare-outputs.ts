import type { SafetensorsTensor } from '@tfjs-sparse/core';
import { requireFormat } from '../format-error.js';
import { byName, type NamedTensors } from './named-tensors.js';
import type { ModelOutput } from './run-saved-model.js';

export interface Comparison {
  readonly output: string;
  readonly shape: readonly number[];
  /** The largest difference, relative for values above 1. */
  readonly maxError: number;
}

/**
 * Compares outputs with those that a network gave elsewhere. Rows of sites may come in any order: those of `sites` of the wanted
 * ones, else of `coords` of the inputs.
 */
export function compareOutputs(made: readonly ModelOutput[], wanted: NamedTensors, inputs: NamedTensors): Comparison[] {
  const order = wanted.get('sites') ?? inputs.get('coords');
  const named = new Map([...wanted].filter(([name]) => name !== 'sites'));
  const withValues = made.filter(({ name }, i) => named.has(name) || named.size > i);
  const names = withValues.map(({ name }) => name);
  return withValues.map((output) => {
    const expected = byName('outputs', names, named, output.name);
    const isSame = output.shape.join() === expected.shape.join();
    requireFormat(isSame, 'verify', `${output.name} must have the shape [${expected.shape}]`, output.shape);
    const rows = output.sites && order ? rowsOf(output.sites, order) : null;
    return { output: output.name, shape: output.shape, maxError: largestError(output, expected, rows) };
  });
}

/** For each site of the wanted rows the row that the model has it in. */
function rowsOf(sites: Int32Array, { shape, values }: SafetensorsTensor): number[] {
  const width = shape[1];
  const keyOf = (of: ArrayLike<number | bigint>, row: number) =>
    Array.from({ length: width }, (_, axis) => Number(of[row * width + axis])).join();
  const places = new Map(Array.from({ length: sites.length / width }, (_, row) => [keyOf(sites, row), row]));
  return Array.from({ length: shape[0] }, (_, row) => {
    const place = places.get(keyOf(values, row));
    requireFormat(place !== undefined, 'verify', 'the model must have a site', keyOf(values, row));
    return place;
  });
}

function largestError(
  { shape, values }: ModelOutput,
  expected: SafetensorsTensor,
  rows: readonly number[] | null,
): number {
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  let largest = 0;
  for (let i = 0; i < expected.values.length; i++) {
    const [row, column] = [Math.floor(i / width), i % width];
    const [wanted, got] = [Number(expected.values[i]), values[(rows?.[row] ?? row) * width + column]];
    if (wanted === got || (Number.isNaN(wanted) && Number.isNaN(got))) continue;
    const error = Math.abs(wanted - got) / Math.max(1, Math.abs(wanted));
    largest = Number.isNaN(error) ? Infinity : Math.max(largest, error);
  }
  return largest;
}
