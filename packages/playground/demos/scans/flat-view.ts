import { colourOf } from '@tfjs-sparse/lidar-minkunet';
import type { PointsView } from './points-view.js';

const metresAcross = 60;
const background = 'rgb(16 20 26)';

/** Points from above, the front at the top: for browsers without WebGL. */
export class FlatView implements PointsView {
  readonly #context: CanvasRenderingContext2D;
  #points = new Float32Array();
  #labels = new Uint8Array();

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext('2d')!;
    new ResizeObserver(() => this.#draw()).observe(canvas.parentElement!);
  }

  showPoints(points: Float32Array<ArrayBuffer>): void {
    this.#points = points;
    this.showLabels(new Uint8Array(points.length / 3).fill(255));
  }

  showLabels(labels: Uint8Array<ArrayBuffer>): void {
    this.#labels = labels;
    this.#draw();
  }

  #draw(): void {
    const { clientWidth, clientHeight } = this.canvas.parentElement!;
    const [width, height] = [clientWidth * devicePixelRatio, clientHeight * devicePixelRatio];
    Object.assign(this.canvas, { width, height });
    this.#context.fillStyle = background;
    this.#context.fillRect(0, 0, width, height);
    const pixelsPerMetre = Math.min(width, height) / metresAcross;
    this.#labels.forEach((label, point) => {
      const [x, y] = [this.#points[3 * point], this.#points[3 * point + 1]];
      this.#context.fillStyle = `rgb(${colourOf(label).join(' ')})`;
      this.#context.fillRect(width / 2 - y * pixelsPerMetre, height / 2 - x * pixelsPerMetre, 1.5, 1.5);
    });
  }
}
