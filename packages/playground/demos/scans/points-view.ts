import { CloudView } from './cloud-view.js';
import { FlatView } from './flat-view.js';

/** How the points of a scan are shown. */
export interface PointsView {
  /** @param points float32 `[points, 3]` */
  showPoints(points: Float32Array): void;
  /** Colours the points. @param labels uint8 `[points]` */
  showLabels(labels: Uint8Array): void;
}

/** In three dimensions, or from above where the browser has no WebGL. */
export function openPointsView(
  canvas: HTMLCanvasElement,
): { readonly view: CloudView; readonly isFlat: false } | { readonly view: FlatView; readonly isFlat: true } {
  try {
    return { view: new CloudView(canvas), isFlat: false };
  } catch {
    return { view: new FlatView(canvas), isFlat: true };
  }
}
