import { workgroupThreads } from '@tfjs-sparse/core';

/** WGSL: two or four numbers of a table, the same in all threads of the workgroup. */
export function uniformLoads(table: string): string {
  return /* wgsl */ `
    var<workgroup> numbersOfGroup : vec4<i32>;
    fn pairAt(place : i32, isThere : bool, thread : i32) -> vec4<i32> {
      if (thread == 0) { numbersOfGroup = vec4<i32>(); }
      if (thread == 0 && isThere) { numbersOfGroup = vec4<i32>(${table}[place], ${table}[place + 1], 0, 0); }
      return workgroupUniformLoad(&numbersOfGroup);
    }
    fn fourAt(place : i32, thread : i32) -> vec4<i32> {
      if (thread == 0) { numbersOfGroup = vec4<i32>(${table}[place], ${table}[place + 1], ${table}[place + 2], ${table}[place + 3]); }
      return workgroupUniformLoad(&numbersOfGroup);
    }`;
}

/** WGSL: whether a query of a panel sees a key, by the bits of a segment from its first four on; -1: all see all. */
export const seesCode = /* wgsl */ `
    fn sees(word : i32, firstFour : i32, key : i32, query : i32) -> bool {
      if (word < 0) { return true; }
      let bit = (key % 4) * ${workgroupThreads} + query;
      let at = uniforms.bitsAt + word + (key / 4 - firstFour) * ${workgroupThreads / 8} + bit / 32;
      return (u32(lists[at]) & (1u << u32(bit % 32))) != 0u;
    }
    fn patternOf(batch : i32, head : i32) -> i32 {
      return (batch % uniforms.patternBatches) * uniforms.patternHeads + head * uniforms.patternHeads / uniforms.heads;
    }`;

/** WGSL of a thread per query of 64 of a head: its row, the first row of its keys, and the segments of all of them. */
export const queryCode = /* wgsl */ `
      let thread = index % ${workgroupThreads};
      let panel = index / ${workgroupThreads} % uniforms.panels;
      let matrix = index / ${workgroupThreads} / uniforms.panels;
      let head = matrix % uniforms.heads;
      let batch = matrix / uniforms.heads;
      let isInside = batch < uniforms.batches;
      let isQuery = isInside && panel * ${workgroupThreads} + thread < uniforms.queries;
      let row = select(0, matrix * uniforms.queries + panel * ${workgroupThreads} + thread, isQuery);
      let keyRow = (batch * uniforms.keyHeads + head * uniforms.keyHeads / uniforms.heads) * uniforms.keys;
      let segments = pairAt(patternOf(batch, head) * uniforms.panels + panel, isInside, thread);`;

/** WGSL: the beginning of loops over the tiles of keys of the segments and over a tile, up to whether the query sees it. */
export function forEachTileCode(tile: number, channels: number, valueChannels: number): string {
  return /* wgsl */ `
      for (var place = segments.x; place < segments.y; place++) {
      let segment = fourAt(uniforms.segmentsAt + 3 * place, thread);
      let end = min(4 * (segment.x + segment.y), uniforms.keys);
      for (var first = 4 * segment.x; first < end; first += ${tile}) {
        let count = min(${tile}, end - first);
        for (var i = thread; i < count * ${channels}; i += ${workgroupThreads}) { keyTile[i] = k[(keyRow + first) * ${channels} + i]; }
        for (var i = thread; i < count * ${valueChannels}; i += ${workgroupThreads}) { valueTile[i] = v[(keyRow + first) * ${valueChannels} + i]; }
        workgroupBarrier();
        for (var i = 0; i < count; i++) {
          let isSeen = sees(segment.z, segment.x, first + i, thread);`;
}
