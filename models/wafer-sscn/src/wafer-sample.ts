/** Rows and columns of a wafer map. */
export const waferSide = 64;

/** Features of a site: 1, row and column from -1 to 1 across the wafer, distance from its centre (1 at the edge). */
export const waferChannels = 4;

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
 * @param map uint8 `[64 * 64]`, row by row: 0 outside of the wafer, 1 pass, 2 fail
 */
export function waferSample(map: Uint8Array): WaferSample {
  if (map.length !== waferSide * waferSide) {
    throw new RangeError(`waferSample: map must have ${waferSide} x ${waferSide} cells, got ${map.length}`);
  }
  const odd = map.find((value) => value > fail);
  if (odd !== undefined) throw new RangeError(`waferSample: cells must be 0, 1 or 2, got ${odd}`);
  const [rows, columns] = extents(map);
  const cells = Array.from(map.keys()).filter((cell) => map[cell] === fail);
  const coordinates = new Int32Array(cells.length * 3);
  const features = new Float32Array(cells.length * waferChannels);
  cells.forEach((cell, site) => {
    const [row, column] = [Math.floor(cell / waferSide), cell % waferSide];
    coordinates.set([0, row, column], site * 3);
    const [y, x] = [scaled(row, rows), scaled(column, columns)];
    features.set([1, y, x, Math.hypot(y, x)], site * waferChannels);
  });
  return { coordinates, features };
}

const fail = 2;

interface Extent {
  readonly first: number;
  readonly last: number;
}

/** First and last row, and first and last column, of the wafer. */
function extents(map: Uint8Array): [Extent, Extent] {
  const [rows, columns] = [new Set<number>(), new Set<number>()];
  map.forEach((value, cell) => {
    if (value === 0) return;
    rows.add(Math.floor(cell / waferSide));
    columns.add(cell % waferSide);
  });
  return [extent(rows), extent(columns)];
}

function extent(positions: ReadonlySet<number>): Extent {
  return { first: Math.min(...positions), last: Math.max(...positions) };
}

/** `position` within the extent, from -1 to 1; 0 in an extent of one position. */
function scaled(position: number, { first, last }: Extent): number {
  return last > first ? (2 * position - first - last) / (last - first) : 0;
}
