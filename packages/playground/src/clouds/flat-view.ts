import { nearestPoint, type DrawnPlace, type Place } from './nearest-point.js';
import type { FirstView, PointsView } from './points-view.js';

const background = 'rgb(16 20 26)';

/** Points from above, the front at the top: for browsers without WebGL. */
export class FlatView implements PointsView {
  readonly #context: CanvasRenderingContext2D;
  #points = new Float32Array();
  #rgb = new Uint8Array();
  #ends = new Float32Array();
  #rgba = new Uint8Array();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly first: FirstView,
  ) {
    this.#context = canvas.getContext('2d')!;
    new ResizeObserver(() => this.#draw()).observe(canvas.parentElement!);
  }

  showPoints(points: Float32Array<ArrayBuffer>, rgb: Uint8Array<ArrayBuffer>): void {
    this.#points = points;
    this.showColours(rgb);
  }

  showColours(rgb: Uint8Array<ArrayBuffer>): void {
    this.#rgb = rgb;
    this.#draw();
  }

  showLines(ends: Float32Array<ArrayBuffer>, rgba: Uint8Array<ArrayBuffer>): void {
    this.#ends = ends;
    this.#rgba = rgba;
    this.#draw();
  }

  pointAt(place: Place, reach: number): number | null {
    const drawnAt = (point: number): DrawnPlace => ({
      ...this.#placeOf(this.#points, point),
      depth: -this.#points[3 * point + 2],
    });
    return nearestPoint(this.#points.length / 3, drawnAt, place, { radius: this.first.pointPixels / 2, reach });
  }

  #draw(): void {
    const { clientWidth, clientHeight } = this.canvas.parentElement!;
    Object.assign(this.canvas, { width: clientWidth * devicePixelRatio, height: clientHeight * devicePixelRatio });
    this.#context.scale(devicePixelRatio, devicePixelRatio);
    this.#context.fillStyle = background;
    this.#context.fillRect(0, 0, clientWidth, clientHeight);
    const side = this.first.pointPixels;
    for (let point = 0; point < this.#rgb.length / 3; point++) {
      const { x, y } = this.#placeOf(this.#points, point);
      this.#context.fillStyle = `rgb(${this.#rgb.subarray(3 * point, 3 * point + 3).join(' ')})`;
      this.#context.fillRect(x - side / 2, y - side / 2, side, side);
    }
    for (let line = 0; line < this.#rgba.length / 4; line++) {
      const [red, green, blue, alpha] = this.#rgba.subarray(4 * line, 4 * line + 4);
      const [start, end] = [this.#placeOf(this.#ends, 2 * line), this.#placeOf(this.#ends, 2 * line + 1)];
      this.#context.strokeStyle = `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
      this.#context.beginPath();
      this.#context.moveTo(start.x, start.y);
      this.#context.lineTo(end.x, end.y);
      this.#context.stroke();
    }
  }

  /** @param points float32 `[points, 3]` */
  #placeOf(points: Float32Array, point: number): Place {
    const { clientWidth, clientHeight } = this.canvas;
    const scale = Math.min(clientWidth, clientHeight) / this.first.across;
    const [x, y] = [points[3 * point], points[3 * point + 1]];
    return { x: clientWidth / 2 - y * scale, y: clientHeight / 2 - x * scale };
  }
}
