import {
  BufferAttribute,
  BufferGeometry,
  Color,
  LinearSRGBColorSpace,
  PerspectiveCamera,
  Points,
  PointsMaterial,
  Scene,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import { colourOf } from '@tfjs-sparse/lidar-minkunet';
import { listenToKeys } from './cloud-keys.js';
import type { PointsView } from './points-view.js';

const pointPixels = 1.6;
const background = new Color().setRGB(16 / 255, 20 / 255, 26 / 255, LinearSRGBColorSpace);

/** Points in three dimensions that turn under mouse, fingers and keys; drawn when something changes. */
export class CloudView implements PointsView {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(50, 1, 0.5, 500);
  readonly #controls: OrbitControls;
  readonly #points = new Points(
    new BufferGeometry(),
    new PointsMaterial({ sizeAttenuation: false, vertexColors: true }),
  );
  #isDue = false;

  /** @throws an Error where the browser has no WebGL */
  constructor(private readonly canvas: HTMLCanvasElement) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true });
    this.#renderer.outputColorSpace = LinearSRGBColorSpace; // colours as they are given
    this.#scene.background = background;
    this.#points.frustumCulled = false;
    this.#points.material.size = pointPixels * devicePixelRatio;
    this.#scene.add(this.#points);
    this.#camera.up.set(0, 0, 1);
    this.#camera.position.set(-26, -13, 17); // behind the car, to its right, above the street
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.target.set(4, 0, -1);
    this.#controls.addEventListener('change', () => this.#draw());
    this.#controls.update();
    this.#controls.saveState();
    listenToKeys(this.#controls, canvas);
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement!);
    this.#resize();
  }

  /** @param points float32 `[points, 3]` */
  showPoints(points: Float32Array): void {
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(points, 3));
    this.#points.geometry.dispose();
    this.#points.geometry = geometry;
    this.showLabels(new Uint8Array(points.length / 3).fill(255));
  }

  /** Colours the points. @param labels uint8 `[points]` */
  showLabels(labels: Uint8Array): void {
    const colours = new Uint8Array(3 * labels.length);
    labels.forEach((label, point) => colours.set(colourOf(label), 3 * point));
    this.#points.geometry.setAttribute('color', new BufferAttribute(colours, 3, true));
    this.#draw();
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
