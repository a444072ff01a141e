import type { AttentionView } from '@tfjs-sparse/shapes-flatformer';
import { CloudFrame } from '../../src/clouds/cloud-frame.js';
import { listenToPicks, pickKeysHint } from '../../src/clouds/listen-to-picks.js';
import type { FirstView } from '../../src/clouds/points-view.js';
import type { Picture } from './attention-controls.js';
import { attentionLines, noLines } from './attention-lines.js';
import type { Extent } from './change-cloud.js';
import { pickedColour, plainColours } from './picture-colours.js';
import { coloured } from './picture.js';

/** A shape lies around 0 here, its farthest point at distance 1. */
const firstView: FirstView = {
  eye: [-1.8, -1.3, 1.05],
  target: [0, 0, 0],
  near: 0.01,
  far: 100,
  pointPixels: 5,
  across: 2.2,
};
const crossArm = 0.14;

/** The points of a shape, coloured, with lines from the one that is picked. */
export class ShapeView {
  readonly #frame = new CloudFrame(
    { noun: 'shape', label: 'the points of the shape', moreKeys: pickKeysHint },
    firstView,
  );
  readonly element = this.#frame.element;
  /** float32 `[points, 3]` */
  #places: Float32Array = new Float32Array();

  /** @param pick gets the point that is clicked; null where none is */
  constructor(pick: (point: number | null) => void) {
    listenToPicks(this.#frame.canvas, this.#frame.view, pick);
  }

  /**
   * Shows a cloud, without colours yet.
   *
   * @param points float32 `[points, 3]`
   * @param extent of the cloud before it was changed, so that changes do not move the eye
   */
  showPoints(points: Float32Array, { mean, farthest }: Extent): void {
    this.#places = points.map((value, i) => (value - mean[i % 3]) / (farthest || 1));
    this.#frame.view.showPoints(this.#places, plainColours(points.length / 3));
  }

  /**
   * Colours the points.
   *
   * @param seen   how a layer sees the first of them; null while it is not known
   * @param picked the point to whose attention `seen.attention` belongs; null for none
   * @returns      what the colours say, in words
   */
  colour(picture: Picture, seen: AttentionView | null, picked: number | null): string {
    const { view } = this.#frame;
    const { rgb, words } = coloured(picture, this.#places, seen, picked !== null);
    if (picked !== null) rgb.set(pickedColour, 3 * picked);
    view.showColours(rgb);
    const attention = seen?.attention?.subarray(0, this.#places.length / 3) ?? null;
    const ofPlaces = seen && { cells: seen.cells, attention };
    const lines = picked === null ? noLines : attentionLines(this.#places, picked, ofPlaces, crossArm);
    view.showLines(lines.ends, lines.rgba);
    return words;
  }
}
