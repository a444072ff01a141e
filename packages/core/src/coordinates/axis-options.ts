import { requireRange } from '../errors.js';
import { coordinateLimit } from './coordinate-limits.js';

/** An integer per axis, `standard` where none is given. */
export interface AxisIntegers {
  readonly standard: number;
  readonly least: number;
  readonly greatest: number;
}

export const windowSizes: AxisIntegers = { standard: 1, least: 1, greatest: 2 * coordinateLimit };
export const windowShifts: AxisIntegers = { standard: 0, least: -coordinateLimit, greatest: coordinateLimit };

/** `axes`, default all of `rank`: one or more, each once. */
export function checkedAxes(op: string, axes: readonly number[] | undefined, rank: number): readonly number[] {
  const all = Array.from({ length: rank }, (_, axis) => axis);
  if (axes === undefined) return all;
  requireRange(
    axes.length > 0 && axes.every((axis, i) => all.includes(axis) && axes.indexOf(axis) === i),
    op,
    `axes must be one or more different integers from 0 to ${rank - 1}`,
    axes,
  );
  return axes;
}

export function integersPerAxis(
  op: string,
  name: string,
  values: readonly number[] | undefined,
  count: number,
  { standard, least, greatest }: AxisIntegers,
): readonly number[] {
  if (values === undefined) return new Array<number>(count).fill(standard);
  requireRange(
    values.length === count && values.every((value) => Number.isInteger(value) && value >= least && value <= greatest),
    op,
    `${name} must have ${count} integers from ${least} to ${greatest} (one per axis)`,
    values,
  );
  return values;
}
