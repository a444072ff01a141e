import { placeInCells } from './point-positions.js';
import type { PointCells } from './group-points.js';
import type { RowGrouping } from './group-rows.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { kernelOffsets, offsetCount } from './kernel-offsets.js';
import type { Bounds } from './key-space.js';

// The index path as plain sets and maps: what the wasm path must equal, and what runs where it cannot (no WebAssembly
// SIMD, or coordinates so far apart that a site does not fit 62 bits).

/** Pairs of one offset: input sites and output sites, both ascending. */
export interface OffsetPairs {
  readonly inputs: Int32Array;
  readonly outputs: Int32Array;
}

/** Int32 `[points, 1 + rank]`: batch and cell of every point, in float32 arithmetic. */
export function voxelRows({ points, pointStride, voxelSize, origin, batchIndices }: PointCells): Int32Array {
  const rank = voxelSize.length;
  const pointCount = points.length / pointStride;
  const rows = new Int32Array(pointCount * (1 + rank));
  for (let point = 0; point < pointCount; point++) {
    rows[point * (1 + rank)] = batchIndices ? batchIndices[point] : 0;
    for (let axis = 0; axis < rank; axis++) {
      const cell = Math.floor(placeInCells(points[point * pointStride + axis], origin[axis], voxelSize[axis]));
      rows[point * (1 + rank) + 1 + axis] = Math.min(Math.max(cell, -(2 ** 31)), 2 ** 31 - 1);
    }
  }
  return rows;
}

export function boundsOf(rows: Int32Array, columns: number): Bounds {
  const minimum = [...rows.subarray(0, columns)];
  const maximum = [...minimum];
  for (let i = 0; i < rows.length; i++) {
    const column = i % columns;
    if (rows[i] < minimum[column]) minimum[column] = rows[i];
    if (rows[i] > maximum[column]) maximum[column] = rows[i];
  }
  return { minimum, maximum };
}

/** The different rows, ascending, and the other fields of a RowGrouping. */
export interface PlainGrouping extends Omit<RowGrouping, 'sites'> {
  readonly coordinates: Int32Array;
}

/** @param rows int32 `[rows, columns]` */
export function groupRows(rows: Int32Array, columns: number): PlainGrouping {
  const pointOrder = new Int32Array(rows.length / columns).map((_, row) => row);
  pointOrder.sort((a, b) => compareRows(rows, columns, a, b) || a - b);
  const inverse = new Int32Array(pointOrder.length);
  const starts: number[] = [];
  pointOrder.forEach((row, position) => {
    if (position === 0 || compareRows(rows, columns, pointOrder[position - 1], row) < 0) starts.push(position);
    inverse[row] = starts.length - 1;
  });
  const coordinates = new Int32Array(starts.length * columns);
  starts.forEach((position, site) => {
    const row = pointOrder[position];
    coordinates.set(rows.subarray(row * columns, (row + 1) * columns), site * columns);
  });
  const pointStarts = Int32Array.from([...starts, pointOrder.length]);
  return { coordinates, inverse, pointStarts, pointOrder };
}

function compareRows(rows: Int32Array, columns: number, a: number, b: number): number {
  for (let column = 0; column < columns; column++) {
    const difference = rows[a * columns + column] - rows[b * columns + column];
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Int32 `[sites, columns]`: every site inside `[least, greatest]` (per axis) whose window holds an input site.
 *
 * @param coordinates int32 `[inputs, columns]`
 */
export function coveringSites(
  coordinates: Int32Array,
  geometry: KernelGeometry,
  least: readonly number[],
  greatest: readonly number[],
): Int32Array {
  const rank = geometry.kernelSize.length;
  const columns = 1 + rank;
  const offsets = kernelOffsets(geometry);
  const rows: number[] = [];
  for (let i = 0; i < coordinates.length; i += columns) {
    for (let k = 0; k < offsetCount(geometry); k++) {
      const row = [coordinates[i]];
      for (let axis = 0; axis < rank; axis++) {
        row.push((coordinates[i + 1 + axis] - offsets[k * rank + axis]) / geometry.strides[axis]);
      }
      const isSite = (cell: number, axis: number): boolean =>
        Number.isInteger(cell) && cell >= least[axis] && cell <= greatest[axis];
      if (row.slice(1).every(isSite)) rows.push(...row);
    }
  }
  return groupRows(Int32Array.from(rows), columns).coordinates;
}

/** The pairs of every offset: `input = stride * output + offset`, in one cloud. */
export function matchSites(inputs: Int32Array, outputs: Int32Array, geometry: KernelGeometry): OffsetPairs[] {
  const rank = geometry.kernelSize.length;
  const columns = 1 + rank;
  const offsets = kernelOffsets(geometry);
  const inputSites = new Map<string, number>();
  for (let i = 0; i < inputs.length; i += columns) inputSites.set(inputs.subarray(i, i + columns).join(), i / columns);
  return Array.from({ length: offsetCount(geometry) }, (_, k) => {
    const pairs: [input: number, output: number][] = [];
    for (let i = 0; i < outputs.length; i += columns) {
      const row = [outputs[i]];
      for (let axis = 0; axis < rank; axis++) {
        row.push(geometry.strides[axis] * outputs[i + 1 + axis] + offsets[k * rank + axis]);
      }
      const input = inputSites.get(row.join());
      if (input !== undefined) pairs.push([input, i / columns]);
    }
    return {
      inputs: Int32Array.from(pairs, ([input]) => input),
      outputs: Int32Array.from(pairs, ([, output]) => output),
    };
  });
}
