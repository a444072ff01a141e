import type { KernelMap } from './kernel-map.js';

/** Output sites between two entries of a row of `pairStarts`. */
export const pairBlockSites = 64;

/** `KernelMap.pairStarts` */
export function fillPairStarts({ left, right, segments, outSites }: KernelMap): Int32Array {
  const blocks = Math.ceil(outSites / pairBlockSites);
  const table = new Int32Array(segments.length * (blocks + 2));
  segments.forEach(({ start, count, swapped }, offset) => {
    const outputs = swapped ? left : right;
    const row = offset * (blocks + 2);
    table[row] = Number(swapped);
    let pair = start;
    for (let block = 0; block < blocks; block++) {
      table[row + 1 + block] = pair;
      const nextSite = (block + 1) * pairBlockSites;
      while (pair < start + count && outputs[pair] < nextSite) pair++;
    }
    table[row + 1 + blocks] = pair;
  });
  return table;
}
