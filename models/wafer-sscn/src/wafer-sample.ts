import { int32Array } from '@tfjs-sparse/core';
import { waferChannels, waferSide } from './wafer-size.js';

/** One wafer as a cloud of failing dies. */
export interface WaferSample {
  /** int32 `[sites, 3]`: batch index 0, row, column; ascending. */
  readonly coordinates: Int32Array;
  /** float32 `[sites, waferChannels]` */
  readonly features: Float32Array;
}

/**
 * The failing dies of a wafer map, as the network takes them; training and use share this function.
 *
 * @param values `[64 * 64]`, row by row: 0 outside of the wafer, 1 pass, 2 fail
 */
export function waferSample(values: ArrayLike<number>): WaferSample {
  const map = int32Array('waferSample', 'map', values);
  if (map.length !== waferSide * waferSide) {
    throw new RangeError(`waferSample: map must have ${waferSide} x ${waferSide} cells, got ${map.length}`);
  }
  const odd = map.find((value) => value < 0 || value > fail);
  if (odd !== undefined) throw new RangeError(`waferSample: cells must be 0, 1 or 2, got ${odd}`);
  const dies = extentsOf(map);
  const sites = dies.failing;
  const coordinates = new Int32Array(sites * 3);
  const features = new Float32Array(sites * waferChannels);
  const share = sites / dies.count;
  let site = 0;
  for (let cell = 0; cell < map.length; cell++) {
    if (map[cell] !== fail) continue;
    const [row, column] = [Math.floor(cell / waferSide), cell % waferSide];
    const y = scaled(row, dies.firstRow, dies.lastRow);
    const x = scaled(column, dies.firstColumn, dies.lastColumn);
    coordinates.set([0, row, column], site * 3);
    features.set([1, y, x, Math.hypot(y, x), share], site * waferChannels);
    site++;
  }
  return { coordinates, features };
}

const fail = 2;

/** Where the dies of a wafer lie, and how many there are. */
interface Dies {
  count: number;
  failing: number;
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

function extentsOf(map: Int32Array): Dies {
  const dies = { count: 0, failing: 0, firstRow: waferSide, lastRow: 0, firstColumn: waferSide, lastColumn: 0 };
  for (let cell = 0; cell < map.length; cell++) {
    if (map[cell] === 0) continue;
    const [row, column] = [Math.floor(cell / waferSide), cell % waferSide];
    dies.count++;
    if (map[cell] === fail) dies.failing++;
    dies.firstRow = Math.min(dies.firstRow, row);
    dies.lastRow = row;
    dies.firstColumn = Math.min(dies.firstColumn, column);
    dies.lastColumn = Math.max(dies.lastColumn, column);
  }
  return dies;
}

/** `position` within the extent, from -1 to 1; 0 in an extent of one position. */
function scaled(position: number, first: number, last: number): number {
  return last > first ? (2 * position - first - last) / (last - first) : 0;
}
