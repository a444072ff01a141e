import { pairBlockSites, type KernelMap } from '@tfjs-sparse/core';

/** The tables that `pairRangeCode` reads, in the order of their names there. */
export function pairTablesOf({ map }: { readonly map: KernelMap }): readonly Int32Array[] {
  return [map.left, map.right, map.pairStarts()];
}

/**
 * WGSL that reads a kernel map from tables left, right and starts (`KernelMap.pairStarts`) and uniforms sites (of the
 * output), offsets and identityOffset. A range is (first pair, end, order); pair i of the identity offset is (i, i).
 */
export const pairRangeCode = /* wgsl */ `
    const swapped = 1; // orders: 0 is (left, right)
    const identity = 2;

    // The pairs of an offset whose output sites lie between firstSite, where a block of pairs starts, and endSite.
    fn rangeOf(offset : i32, firstSite : i32, endSite : i32) -> vec3<i32> {
      if (offset >= uniforms.offsets || firstSite >= uniforms.sites) { return vec3<i32>(0); }
      let lastSite = min(endSite, uniforms.sites) - 1;
      if (offset == uniforms.identityOffset) { return vec3<i32>(firstSite, lastSite + 1, identity); }
      let blocks = (uniforms.sites + ${pairBlockSites - 1}) / ${pairBlockSites};
      let row = offset * (blocks + 2);
      let first = starts[row + 1 + firstSite / ${pairBlockSites}];
      let end = starts[row + 2 + lastSite / ${pairBlockSites}];
      return vec3<i32>(first, end, starts[row]);
    }

    // Input and output site; -1 for a pair beyond the range.
    fn pairAt(pair : i32, range : vec3<i32>) -> vec2<i32> {
      if (pair >= range.y) { return vec2<i32>(-1); }
      if (range.z == identity) { return vec2<i32>(pair); }
      let sites = vec2<i32>(left[pair], right[pair]);
      return select(sites, sites.yx, range.z == swapped);
    }`;
