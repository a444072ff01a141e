import { CloudView } from './cloud-view.js';
import { FlatView } from './flat-view.js';
import type { Place } from './nearest-point.js';

/** How the points of a cloud are shown, and lines between them. */
export interface PointsView {
  /**
   * Shows a cloud in place of another.
   *
   * @param points float32 `[points, 3]`
   * @param rgb    uint8 `[points, 3]`
   */
  showPoints(points: Float32Array, rgb: Uint8Array): void;
  /** Colours the points anew. @param rgb uint8 `[points, 3]` */
  showColours(rgb: Uint8Array): void;
  /**
   * Shows lines in place of others.
   *
   * @param ends float32 `[lines, 2, 3]`
   * @param rgba uint8 `[lines, 4]`
   */
  showLines(ends: Float32Array, rgba: Uint8Array): void;
  /** The point that is drawn at a place or, if none is, nearest to it within `reach` pixels; null for none. */
  pointAt(place: Place, reach: number): number | null;
}

/** How a cloud is seen at first; lengths are in the unit of its points. */
export interface FirstView {
  readonly eye: readonly [x: number, y: number, z: number];
  readonly target: readonly [x: number, y: number, z: number];
  /** Distances from the eye between which points are drawn. */
  readonly near: number;
  readonly far: number;
  /** Side of a point, in CSS pixels. */
  readonly pointPixels: number;
  /** Width of what is seen from above, where there are only two dimensions. */
  readonly across: number;
}

/** In three dimensions, or from above where the browser has no WebGL. */
export function openPointsView(
  canvas: HTMLCanvasElement,
  first: FirstView,
): { readonly view: CloudView; readonly isFlat: false } | { readonly view: FlatView; readonly isFlat: true } {
  try {
    return { view: new CloudView(canvas, first), isFlat: false };
  } catch {
    return { view: new FlatView(canvas, first), isFlat: true };
  }
}
