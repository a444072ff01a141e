import { boundsOf } from './group-rows.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { sitesOfRows, type Sites } from './sites.js';

/**
 * Sites moved together for a search of pairs. Far outliers make keys of more than 62 bits although most of the space
 * between them is empty: on every axis, gaps wider than the kernel reaches shrink to just that. Distances that an offset
 * can bridge stay as they are and no others become so short, hence the pairs stay the same.
 *
 * @returns the inputs, and the outputs multiplied by the strides
 */
export function compactAxes(
  inputs: Sites,
  outputs: Sites,
  geometry: KernelGeometry,
): { inputs: Sites; outputs: Sites } {
  const { kernelSize, strides, padding, dilation } = geometry;
  const columns = inputs.bounds.minimum.length;
  const moved = inputs.coordinates.slice();
  const queries = outputs.coordinates.map((value, i) =>
    i % columns === 0 ? value : value * strides[(i % columns) - 1],
  );
  for (let column = 0; column < columns; column++) {
    const axis = column - 1;
    const reach = axis < 0 ? 0 : Math.max(padding[axis], dilation[axis] * (kernelSize[axis] - 1) - padding[axis]);
    const positions = compactPositions([moved, queries], column, columns, reach);
    for (const rows of [moved, queries]) {
      for (let i = column; i < rows.length; i += columns) rows[i] = positions.get(rows[i])!;
    }
  }
  const isSame = inputs === outputs;
  const movedInputs = sitesOf(moved, columns);
  return { inputs: movedInputs, outputs: isSame ? movedInputs : sitesOf(queries, columns) };
}

/** New position of every value of a column, ascending from 0. */
function compactPositions(
  tables: readonly Int32Array[],
  column: number,
  columns: number,
  reach: number,
): ReadonlyMap<number, number> {
  const values = new Set<number>();
  for (const rows of tables) for (let i = column; i < rows.length; i += columns) values.add(rows[i]);
  const ascending = Int32Array.from(values).sort();
  const positions = new Map<number, number>();
  let position = 0;
  ascending.forEach((value, i) => {
    if (i > 0) position += Math.min(value - ascending[i - 1], reach + 1);
    positions.set(value, position);
  });
  return positions;
}

function sitesOf(coordinates: Int32Array, columns: number): Sites {
  return sitesOfRows(coordinates, boundsOf(coordinates, columns));
}
