import { CoordinateMap, requireRange } from '@tfjs-sparse/core';
import { hostMask } from '../host-mask.js';

/** Which patches of images are visible, as masked image modelling has it: the same for every layer of a network. Immutable. */
export class PatchMask {
  readonly shape: readonly [clouds: number, rows: number, columns: number];
  readonly #isVisible: Uint8Array;
  readonly #maps = new Map<string, CoordinateMap>();

  /**
   * @param values  true (or not 0) for a visible patch, on the host, row-major
   * @param shape   `[images, patch rows, patch columns]`
   */
  constructor(values: ArrayLike<boolean | number>, shape: readonly [clouds: number, rows: number, columns: number]) {
    requireRange(
      shape.length === 3 && shape.every((size) => Number.isInteger(size) && size > 0),
      'PatchMask',
      'shape must be [images, patch rows, patch columns]',
      shape,
    );
    const count = shape[0] * shape[1] * shape[2];
    const isVisible = hostMask('PatchMask', 'values', values);
    requireRange(
      isVisible.length === count,
      'PatchMask',
      `values must have ${count} entries (as the shape)`,
      isVisible.length,
    );
    this.shape = [...shape];
    this.#isVisible = isVisible;
  }

  /**
   * The visible pixels of images of `height` x `width`; made once per size.
   *
   * @param stride  cells of the finest grid per pixel, per axis; default 1
   * @throws RangeError in the name of `op` when the patches do not divide the image
   */
  pixels(op: string, height: number, width: number, stride: readonly number[] = [1, 1]): CoordinateMap {
    const key = [height, width, ...stride].join();
    let map = this.#maps.get(key);
    if (!map) this.#maps.set(key, (map = this.#makePixels(op, height, width, stride)));
    return map;
  }

  #makePixels(op: string, height: number, width: number, stride: readonly number[]): CoordinateMap {
    const [clouds, rows, columns] = this.shape;
    const rule = `${rows} x ${columns} patches must divide images`;
    requireRange(height % rows === 0 && width % columns === 0, op, rule, `${height} x ${width} pixels`);
    const coordinates: number[] = [];
    for (let cloud = 0; cloud < clouds; cloud++) {
      for (let y = 0; y < height; y++) {
        const firstPatch = (cloud * rows + Math.floor((y * rows) / height)) * columns;
        for (let x = 0; x < width; x++) {
          if (this.#isVisible[firstPatch + Math.floor((x * columns) / width)]) coordinates.push(cloud, y, x);
        }
      }
    }
    const options = { batchSize: clouds, spatialShape: [height, width], stride };
    return CoordinateMap.fromCoordinates(Int32Array.from(coordinates), 2, options).map;
  }
}
