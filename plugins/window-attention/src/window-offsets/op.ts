import { tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkedAxes, derivedKey, type CoordinateMap } from '@tfjs-sparse/core';
import { checkedWindows, type WindowOptions } from '../window-options.js';

export interface WindowOffsetsOptions extends WindowOptions {
  /** Axes of the map, in the order of the columns; default all. */
  readonly axes?: readonly number[];
}

const offsetsOfSites = derivedKey<Float32Array>();

/**
 * Where sites are in their windows: the coordinate within the window less half of its size, DSVT's input of position
 * embeddings. Windows are those of `windows`. Computed once per map and options.
 *
 * @returns float32 `[sites, axes]`
 * @throws RangeError unless windowSize and shift have an integer in range for each axis and axes are of the map
 */
export function windowOffsets(map: CoordinateMap, options: WindowOffsetsOptions): Tensor2D {
  const { size, shift } = checkedWindows('windowOffsets', options, map.rank);
  const axes = checkedAxes('windowOffsets', options.axes, map.rank);
  const values = map.derived(offsetsOfSites.of(JSON.stringify([size, shift, axes])), () => {
    const { coordinates, siteCount, rank } = map;
    const made = new Float32Array(siteCount * axes.length);
    for (let site = 0; site < siteCount; site++) {
      axes.forEach((axis, column) => {
        const moved = coordinates[site * (1 + rank) + 1 + axis] + shift[axis];
        const inside = moved - Math.floor(moved / size[axis]) * size[axis];
        made[site * axes.length + column] = inside - size[axis] / 2;
      });
    }
    return made;
  });
  return tensor2d(values.slice(), [map.siteCount, axes.length]);
}
