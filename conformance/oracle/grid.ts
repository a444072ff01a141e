import { rowsBySite, vectorsBelow, type Site } from './sites.js';

/**
 * Sites written out as a grid `[batch, channels, ...spatialShape]` (flat, row-major), zero elsewhere.
 *
 * @param x       `[sites][channels]`
 * @param origin  the cell at index 0
 */
export function denseOf(
  x: readonly (readonly number[])[],
  sites: readonly Site[],
  batchSize: number,
  channels: number,
  spatialShape: readonly number[],
  origin: readonly number[],
): number[] {
  const rowOf = rowsBySite(sites);
  return vectorsBelow([batchSize, channels, ...spatialShape]).map(([batch, channel, ...index]) => {
    const row = rowOf.get([batch, ...index.map((value, axis) => value + origin[axis])].join());
    return row === undefined ? 0 : x[row][channel];
  });
}

/** The rows of `sites` read from such a grid; also the gradient of `denseOf`. */
export function rowsOf(
  dense: readonly number[],
  sites: readonly Site[],
  channels: number,
  spatialShape: readonly number[],
  origin: readonly number[],
): number[][] {
  return sites.map(([batch, ...cell]) =>
    Array.from({ length: channels }, (_, channel) => {
      let index = batch * channels + channel;
      spatialShape.forEach((size, axis) => (index = index * size + cell[axis] - origin[axis]));
      return dense[index];
    }),
  );
}

/** The sites of a grid that have a non-zero channel. */
export function nonzeroSites(
  dense: readonly number[],
  batchSize: number,
  channels: number,
  spatialShape: readonly number[],
): Site[] {
  const origin = spatialShape.map(() => 0);
  return vectorsBelow([batchSize, ...spatialShape]).filter((site) =>
    rowsOf(dense, [site], channels, spatialShape, origin)[0].some((value) => value !== 0),
  );
}
