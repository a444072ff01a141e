import { CoordinateMap, type KernelGeometry } from '@tfjs-sparse/core';
import type { Frame } from './frames.js';
import { submGeometry } from './subm-geometry.js';

/** A kernel and stride of 2 on every axis: each level of a pyramid from the one before. */
export const downGeometry: KernelGeometry = {
  kernelSize: [2, 2, 2],
  strides: [2, 2, 2],
  padding: [0, 0, 0],
  dilation: [1, 1, 1],
  outputRule: 'covering',
};

/** The sites of a U-Net of four levels with every kernel map that it needs, tiles included; finest level first. */
export function pyramid(points: Float32Array, { floatsPerPoint }: Frame, voxelSize: number): CoordinateMap[] {
  const { map } = CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: floatsPerPoint });
  const levels = [map];
  for (let level = 0; ; level++) {
    levels[level].kernelMap(submGeometry).tileTable();
    if (level === 3) return levels;
    const down = levels[level].kernelMap(downGeometry);
    down.tileTable();
    down.transposed().tileTable();
    levels.push(levels[level].downsample(downGeometry));
  }
}
