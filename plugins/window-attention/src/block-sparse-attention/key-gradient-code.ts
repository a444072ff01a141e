import { workgroupThreads } from '@tfjs-sparse/core';
import { seesCode, uniformLoads } from './webgpu-code.js';

/** WGSL of dk and dv, side by side. */
export function keyGradientCode(tile: number, channels: number, valueChannels: number): string {
  return /* wgsl */ `
    var<workgroup> queryTile : array<f32, ${tile * channels}>;
    var<workgroup> givenTile : array<f32, ${tile * valueChannels}>;
    ${uniformLoads('parts')}
    ${seesCode}
    // One workgroup per 64 keys of a head, one thread per key; the queries that see any of them pass by, head by head.
    fn main(index : i32) {
      let thread = index % ${workgroupThreads};
      let keyTile = index / ${workgroupThreads} % uniforms.tiles;
      let matrix = index / ${workgroupThreads} / uniforms.tiles;
      let batch = matrix / uniforms.keyHeads;
      let isInside = batch < uniforms.batches;
      let key = keyTile * ${workgroupThreads} + thread;
      let isKey = isInside && key < uniforms.keys;
      let row = select(0, matrix * uniforms.keys + key, isKey);
      var keyOfRow : array<f32, ${channels}>;
      var keyGradient : array<f32, ${channels}>;
      var valueOfRow : array<f32, ${valueChannels}>;
      var valueGradient : array<f32, ${valueChannels}>;
      for (var c = 0; c < ${channels}; c++) {
        keyOfRow[c] = k[row * ${channels} + c] * uniforms.scale;
        keyGradient[c] = 0.0;
      }
      for (var c = 0; c < ${valueChannels}; c++) {
        valueOfRow[c] = v[row * ${valueChannels} + c];
        valueGradient[c] = 0.0;
      }
      let headsOfKey = uniforms.heads / uniforms.keyHeads;
      for (var each = 0; each < headsOfKey; each++) {
        let head = matrix % uniforms.keyHeads * headsOfKey + each;
        let firstRow = (batch * uniforms.heads + head) * uniforms.queries;
        let range = pairAt(patternOf(batch, head) * uniforms.tiles + keyTile, isInside, thread);
        for (var place = range.x; place < range.y; place++) {
          let part = fourAt(uniforms.partsAt + 4 * place, thread); // panel, first four, end four, first word of the bits
          let isOfPart = isKey && key >= 4 * part.y && key < 4 * part.z;
          let end = min((part.x + 1) * ${workgroupThreads}, uniforms.queries);
          for (var first = part.x * ${workgroupThreads}; first < end; first += ${tile}) {
            let count = min(${tile}, end - first);
            for (var i = thread; i < count * ${channels}; i += ${workgroupThreads}) { queryTile[i] = q[(firstRow + first) * ${channels} + i]; }
            for (var i = thread; i < count * ${valueChannels}; i += ${workgroupThreads}) { givenTile[i] = dy[(firstRow + first) * ${valueChannels} + i]; }
            workgroupBarrier();
            for (var i = 0; i < count; i++) {
              if (!isOfPart || !sees(part.w, part.y, key, (first + i) % ${workgroupThreads})) { continue; }
              var score = 0.0;
              var product = 0.0;
              for (var c = 0; c < ${channels}; c++) { score += queryTile[i * ${channels} + c] * keyOfRow[c]; }
              for (var c = 0; c < ${valueChannels}; c++) { product += givenTile[i * ${valueChannels} + c] * valueOfRow[c]; }
              let power = exp(score - statistics[2 * (firstRow + first + i)]);
              let ofScore = power * (product - statistics[2 * (firstRow + first + i) + 1]) * uniforms.scale;
              for (var c = 0; c < ${channels}; c++) { keyGradient[c] += ofScore * queryTile[i * ${channels} + c]; }
              for (var c = 0; c < ${valueChannels}; c++) { valueGradient[c] += power * givenTile[i * ${valueChannels} + c]; }
            }
            workgroupBarrier();
          }
        }
      }
      if (!isKey) { return; }
      let to = row * ${channels + valueChannels};
      for (var c = 0; c < ${channels}; c++) { result[to + c] = keyGradient[c]; }
      for (var c = 0; c < ${valueChannels}; c++) { result[to + ${channels} + c] = valueGradient[c]; }
    }`;
}
