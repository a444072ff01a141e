import type { ImageGeometry } from '../image-geometry.js';

/**
 * How a tile of output cells meets its input pixels. The cells are the output pixels, row by row, with some unused cells
 * behind each row. For every place of the filter the pixels of consecutive cells are consecutive in a *strip*: those of
 * one input row (with strides, of every strideWidth-th column), so that places in one filter row share strips with a shift.
 */
export interface Strips {
  /** int32 `[strips, 2]`: row and column of the pixel that a strip begins with, from the window's first. */
  readonly shifts: Int32Array;
  /** Pixels of a strip, a multiple of 4. */
  readonly pixels: number;
  /** `[filterHeight * filterWidth]`: where a tile's first pixel for a place lies, of all strips' pixels. */
  readonly places: readonly number[];
  /** The farthest pixel of a strip from the first that a place of the same filter row has. */
  readonly farthest: number;
}

/** @param width cells of a tile */
export function stripsOf(g: ImageGeometry, width: number): Strips {
  const { filterHeight, filterWidth, dilationWidth, strideWidth, padTop, padLeft } = g;
  const columns = Array.from({ length: filterWidth }, (_, column) => column * dilationWidth);
  const phases = [...new Set(columns.map((column) => column % strideWidth))];
  const farthest = Math.floor(columns[filterWidth - 1] / strideWidth);
  const pixels = Math.ceil((width + farthest) / 4) * 4;
  const shifts: number[] = [];
  const places: number[] = [];
  for (let row = 0; row < filterHeight; row++) {
    for (const phase of phases) shifts.push(row * g.dilationHeight - padTop, phase - padLeft);
    for (const column of columns) {
      const strip = row * phases.length + phases.indexOf(column % strideWidth);
      places.push(strip * pixels + Math.floor(column / strideWidth));
    }
  }
  return { shifts: Int32Array.from(shifts), pixels, places, farthest };
}

/** Cells of a row: rows that run on into each other, or rows of whole tiles, whichever takes fewer tiles. */
export function rowCellsOf({ batch, outHeight, outWidth }: ImageGeometry, { farthest }: Strips, width: number): number {
  const running = outWidth + farthest; // a shifted pixel never lies in the next row
  const whole = Math.ceil(outWidth / width) * width;
  const rows = batch * outHeight;
  return Math.ceil((rows * running) / width) < (rows * whole) / width ? running : whole;
}
