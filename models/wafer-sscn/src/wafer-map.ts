import { Tensor } from '@tensorflow/tfjs-core';
import { int32Array, kindOf, requireRange, requireType } from '@tfjs-sparse/core';

/** The cells of a wafer map, row by row: 0 outside of the wafer, 1 pass, 2 fail. */
export interface WaferGrid {
  readonly height: number;
  readonly width: number;
  /** `[height * width]` */
  readonly values: ArrayLike<number>;
}

/** A map as arrays of other libraries have it, ndarray's for one. */
export interface ShapedArray {
  /** Height and width. */
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Steps in `data` to the next row and the next column; default row by row. */
  readonly stride?: readonly number[];
  /** Of the first cell in `data`; default 0. */
  readonly offset?: number;
}

/** A map of any size: rows of cells, a flat square, or one with its height and width, as a tensor `[height, width]` too. */
export type WaferMap = readonly ArrayLike<number>[] | ArrayLike<number> | WaferGrid | ShapedArray | Tensor;

/** @throws RangeError or TypeError that says what the map must be */
export async function gridOf(op: string, map: WaferMap): Promise<WaferGrid> {
  requireType(typeof map === 'object' && map !== null, op, `a map must be ${forms}`, kindOf(map));
  if (map instanceof Tensor) return checked(op, ofShape(op, { shape: map.shape, data: await map.data() }));
  if ('height' in map) return checked(op, map);
  if ('shape' in map) return checked(op, ofShape(op, map));
  requireType(typeof map.length === 'number', op, `a map must be ${forms}`, 'another object');
  return checked(op, isRows(map) ? ofRows(op, map) : ofSquare(op, map));
}

const forms = 'rows of cells, a flat square, { height, width, values }, an array with a shape or a tensor';
const largestCell = 2;

function isRows(map: readonly ArrayLike<number>[] | ArrayLike<number>): map is readonly ArrayLike<number>[] {
  return typeof map[0] === 'object' && map[0] !== null;
}

function ofRows(op: string, rows: readonly ArrayLike<number>[]): WaferGrid {
  const width = rows[0].length;
  const odd = rows.findIndex((row) => row?.length !== width);
  requireRange(
    odd < 0,
    op,
    `rows of a map must have ${width} cells (as the first)`,
    rows[odd]?.length ?? kindOf(rows[odd]),
  );
  return { height: rows.length, width, values: rows.flatMap((row) => Array.from(row)) };
}

function ofSquare(op: string, values: ArrayLike<number>): WaferGrid {
  const side = Math.sqrt(values.length);
  const rule = 'a flat map must be a square (else rows of cells, or { height, width, values })';
  requireRange(Number.isInteger(side), op, rule, `${values.length} cells`);
  return { height: side, width: side, values };
}

function ofShape(op: string, { shape, data, stride, offset = 0 }: ShapedArray): WaferGrid {
  requireRange(shape?.length === 2, op, 'the shape of a map must be [height, width]', shape);
  const [height, width] = shape;
  const [rowStep, columnStep] = stride ?? [width, 1];
  const isPlain = offset === 0 && rowStep === width && columnStep === 1;
  if (isPlain) return { height, width, values: data };
  const at = (cell: number) => offset + Math.floor(cell / width) * rowStep + (cell % width) * columnStep;
  return { height, width, values: Array.from({ length: height * width }, (_, cell) => data[at(cell)]) };
}

function checked(op: string, { height, width, values }: WaferGrid): WaferGrid {
  const areSizes = [height, width].every((size) => Number.isInteger(size) && size > 0);
  requireRange(areSizes, op, 'height and width of a map must be whole numbers above 0', `${height} and ${width}`);
  const cells = int32Array(op, 'a map', values);
  const rule = `a map of ${height} x ${width} must have ${height * width} cells`;
  requireRange(cells.length === height * width, op, rule, cells.length);
  const odd = cells.find((value) => value < 0 || value > largestCell);
  requireRange(odd === undefined, op, 'cells must be 0 (outside), 1 (pass) or 2 (fail)', odd);
  return { height, width, values: cells };
}
