import type { KernelMap } from './kernel-map.js';

/**
 * Output sites per tile. A tile of outputs stays in the first- and second-level cache while all offsets add to it;
 * 512 to 4096 are equally fast, 256 pays for incomplete groups of rows and 8192 leaves the cache.
 */
export const tileSites = 1024;

/** `KernelMap.tileTable` */
export function fillTileTable({ outSites, offsetCount, segments, left, right }: KernelMap): Int32Array {
  const tileCount = Math.ceil(outSites / tileSites);
  const table = new Int32Array(tileCount * offsetCount * 2);
  segments.forEach((segment, k) => {
    const outputs = segment.swapped ? left : right;
    const end = segment.start + segment.count;
    let start = segment.start;
    for (let tile = 0; start < end; tile++) {
      const tileEnd = firstNotBelow(outputs, start, end, (tile + 1) * tileSites);
      const entry = (tile * offsetCount + k) * 2;
      if (tileEnd > start) table[entry] = start;
      table[entry + 1] = tileEnd - start;
      start = tileEnd;
    }
  });
  return table;
}

/** First position in `[start, end)` of ascending `values` that holds no less than `bound`; found by doubling steps. */
function firstNotBelow(values: Int32Array, start: number, end: number, bound: number): number {
  let step = 1;
  while (start + step < end && values[start + step] < bound) {
    start += step;
    step *= 2;
  }
  let last = Math.min(start + step, end);
  while (start < last) {
    const middle = (start + last) >> 1;
    if (values[middle] < bound) start = middle + 1;
    else last = middle;
  }
  return start;
}
