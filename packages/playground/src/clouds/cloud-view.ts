import {
  BufferAttribute,
  BufferGeometry,
  Color,
  LinearSRGBColorSpace,
  LineBasicMaterial,
  LineSegments,
  PerspectiveCamera,
  Points,
  PointsMaterial,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import { listenToKeys } from './cloud-keys.js';
import { nearestPoint, type DrawnPlace, type Place } from './nearest-point.js';
import type { FirstView, PointsView } from './points-view.js';

const background = new Color().setRGB(16 / 255, 20 / 255, 26 / 255, LinearSRGBColorSpace);

/** Points in three dimensions that turn under mouse, fingers and keys; drawn when something changes. */
export class CloudView implements PointsView {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera: PerspectiveCamera;
  readonly #controls: OrbitControls;
  readonly #points = new Points(
    new BufferGeometry(),
    new PointsMaterial({ sizeAttenuation: false, vertexColors: true }),
  );
  readonly #lines = new LineSegments(
    new BufferGeometry(),
    new LineBasicMaterial({ vertexColors: true, transparent: true, depthTest: false }),
  );
  readonly #pointPixels: number;
  #isDue = false;

  /** @throws an Error where the browser has no WebGL */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    { eye, target, near, far, pointPixels }: FirstView,
  ) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true });
    this.#renderer.outputColorSpace = LinearSRGBColorSpace; // colours as they are given
    this.#scene.background = background;
    this.#pointPixels = pointPixels;
    this.#points.material.size = pointPixels;
    this.#points.frustumCulled = this.#lines.frustumCulled = false;
    this.#scene.add(this.#points, this.#lines);
    this.#camera = new PerspectiveCamera(50, 1, near, far);
    this.#camera.up.set(0, 0, 1);
    this.#camera.position.set(...eye);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.target.set(...target);
    this.#controls.addEventListener('change', () => this.#draw());
    this.#controls.update();
    this.#controls.saveState();
    listenToKeys(this.#controls, canvas);
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement!);
    this.#resize();
  }

  showPoints(points: Float32Array, rgb: Uint8Array): void {
    this.#points.geometry.dispose();
    this.#points.geometry = new BufferGeometry();
    this.#points.geometry.setAttribute('position', new BufferAttribute(points, 3));
    this.showColours(rgb);
  }

  showColours(rgb: Uint8Array): void {
    this.#points.geometry.setAttribute('color', new BufferAttribute(rgb, 3, true));
    this.#draw();
  }

  showLines(ends: Float32Array, rgba: Uint8Array): void {
    const ofEnds = new Uint8Array(2 * rgba.length);
    for (let at = 0; at < rgba.length; at += 4) {
      const colour = rgba.subarray(at, at + 4);
      ofEnds.set(colour, 2 * at);
      ofEnds.set(colour, 2 * at + 4);
    }
    this.#lines.geometry.dispose();
    this.#lines.geometry = new BufferGeometry();
    this.#lines.geometry.setAttribute('position', new BufferAttribute(ends, 3));
    this.#lines.geometry.setAttribute('color', new BufferAttribute(ofEnds, 4, true));
    this.#draw();
  }

  pointAt(place: Place, reach: number): number | null {
    const positions = this.#points.geometry.getAttribute('position');
    const { clientWidth, clientHeight } = this.canvas;
    const projected = new Vector3();
    const drawnAt = (point: number): DrawnPlace | null => {
      const { x, y, z } = projected.fromBufferAttribute(positions, point).project(this.#camera);
      if (Math.abs(z) > 1) return null; // behind the eye or too far away
      return { x: ((1 + x) / 2) * clientWidth, y: ((1 - y) / 2) * clientHeight, depth: z };
    };
    return nearestPoint(positions.count, drawnAt, place, { radius: this.#pointPixels / 2, reach });
  }

  /** Returns to the first view. */
  reset(): void {
    this.#controls.reset();
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.canvas.parentElement!;
    if (clientHeight === 0) return; // not in the page yet
    this.#camera.aspect = clientWidth / clientHeight;
    this.#camera.updateProjectionMatrix();
    this.#renderer.setPixelRatio(devicePixelRatio);
    this.#renderer.setSize(clientWidth, clientHeight, false);
    this.#draw();
  }

  #draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#renderer.render(this.#scene, this.#camera);
    });
  }
}
