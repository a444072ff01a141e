import { workgroupThreads } from '@tfjs-sparse/core';
import type { RelativePositions } from './attributes.js';
import type { GpuLists } from './webgpu-lists.js';

/** WGSL: the part of a workgroup, `[first, count, first of the others, count of the others]`; beyond the last one 0. */
export const partCode = /* wgsl */ `
    var<workgroup> partOfGroup : vec4<i32>;
    fn partOf(tile : i32, tiles : i32, tilesAt : i32, thread : i32) -> vec4<i32> {
      if (thread == 0) {
        let at = tilesAt + tile * 4;
        partOfGroup = vec4<i32>();
        if (tile < tiles) { partOfGroup = vec4<i32>(lists[at], lists[at + 1], lists[at + 2], lists[at + 3]); }
      }
      return workgroupUniformLoad(&partOfGroup);
    }`;

/**
 * WGSL: as many rows of a head as a tile has, from the place `first` of a list on, into two tiles; `count` says how many.
 *
 * @param a what the first tile gets of the number at `source`  @param b the second
 */
export function loadTilesCode(
  channels: number,
  tile: number,
  list: 'keysAt' | 'queriesAt',
  [firstTile, a]: readonly [string, string],
  [secondTile, b]: readonly [string, string],
): string {
  return /* wgsl */ `
        let count = min(${tile}, part.w - first);
        for (var i = thread; i < count * ${channels}; i += ${workgroupThreads}) {
          let site = lists[uniforms.${list} + part.z + first + i / ${channels}];
          let source = (site * uniforms.heads + head) * ${channels} + i % ${channels};
          ${firstTile}[i] = ${a};
          ${secondTile}[i] = ${b};
        }
        workgroupBarrier();`;
}

/** WGSL of what the relative position of two sites adds to their score; none without positions. */
export function biasCode(positions: RelativePositions | null): string {
  if (!positions) return '';
  return /* wgsl */ `
    fn biasRow(query : i32, key : i32, axis : i32) -> i32 {
      let ofQuery = lists[uniforms.coordinatesAt + query * ${positions.axes} + axis];
      let ofKey = lists[uniforms.coordinatesAt + key * ${positions.axes} + axis];
      let limited = clamp(ofQuery - ofKey, -uniforms.bound, uniforms.bound);
      return axis * (2 * uniforms.bound + 1) + limited + uniforms.bound;
    }
    fn biasOf(query : i32, key : i32, head : i32) -> f32 {
      var sum = 0.0;
      for (var axis = 0; axis < ${positions.axes}; axis++) { sum += bias[biasRow(query, key, axis) * uniforms.heads + head]; }
      return sum;
    }`;
}

export function biasUniforms(positions: RelativePositions | null, { coordinatesAt }: GpuLists): Record<string, number> {
  return positions ? { bound: positions.bound, coordinatesAt } : {};
}
