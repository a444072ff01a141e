import { readVector, writeVector } from '../read-vector.js';
import { pairRangeCode } from '../pair-range.js';

/** What the text of the shader depends on. */
export interface TileProduct {
  /** Output sites of a workgroup. */
  readonly tileSites: number;
  /** Vectors of 4 input channels that are multiplied between two barriers, at most 4. */
  readonly chunkVectors: number;
  /** Rows of every tensor are whole vectors of 4 channels. */
  readonly isVector: boolean;
  readonly isAdjoint: boolean;
}

/**
 * One workgroup per tile and 32 output channels. Uniforms: sites, offsets, identityOffset, inChannels, outChannels, and
 * hasBias, hasResidual, isRectified (0 or 1; of what is absent nothing is read).
 */
export function tileProductCode({ tileSites, chunkVectors, isVector, isAdjoint }: TileProduct): string {
  const chunk = chunkVectors * 4;
  const filterReader = isAdjoint ? adjointFilter : readVector('filter_', isVector) + filterRow;
  // Neighbouring threads read neighbouring addresses.
  const [weightRow, weightVector] = isAdjoint ? [`cell % ${chunk}`, `cell / ${chunk}`] : ['cell / 8', 'cell % 8'];
  return /* wgsl */ `
    var<workgroup> sums : array<vec4<f32>, ${tileSites * 8}>; // [site of the tile][4 output channels]
    var<workgroup> gathered : array<vec4<f32>, 160>; // [32 pairs][4 input channels], 5 vectors a pair: other banks
    var<workgroup> weights : array<vec4<f32>, ${chunk * 8}>; // [input channel][4 output channels]
    var<workgroup> ranges : array<vec3<i32>, 64>; // of 64 offsets
    ${pairRangeCode}
    ${readVector('x', isVector)}
    ${filterReader}
    ${readVector('bias', isVector)}
    ${readVector('residual', isVector)}
    ${writeVector(isVector)}

    fn addTo(pair : i32, range : vec3<i32>, firstSite : i32, lane : i32, sum : vec4<f32>) {
      if (pair < range.y) { sums[(outputOf(pair, range) - firstSite) * 8 + lane] += sum; }
    }

    // One workgroup sums ${tileSites} sites x 32 channels of the output. For every offset it takes the tile's pairs 32 at
    // a time and ${chunk} input channels at a time; one thread multiplies 4 pairs by 4 output channels.
    fn main(index : i32) {
      let thread = index % 64;
      let channelBlocks = (uniforms.outChannels + 31) / 32;
      let firstSite = index / 64 / channelBlocks * ${tileSites};
      let firstChannel = index / 64 % channelBlocks * 32;
      let lane = thread % 8;
      let firstOfPairs = thread / 32 * 16; // 32 threads take 16 pairs in a row, or nothing
      let place = firstOfPairs + thread / 8 % 4; // of the thread's first pair; the others follow by 4
      for (var cell = thread; cell < ${tileSites * 8}; cell += 64) { sums[cell] = vec4<f32>(0.0); }

      for (var firstOffset = 0; firstOffset < uniforms.offsets; firstOffset += 64) {
        ranges[thread] = rangeOf(firstOffset + thread, firstSite, firstSite + ${tileSites});
        for (var i = 0; i < min(64, uniforms.offsets - firstOffset); i++) {
          let range = workgroupUniformLoad(&ranges[i]); // barriers before and after
          for (var batch = range.x; batch < range.y; batch += 32) {
            let rowA = inputOf(batch + thread / 4, range);
            let rowB = inputOf(batch + 16 + thread / 4, range);
            var sum0 = vec4<f32>(0.0);
            var sum1 = vec4<f32>(0.0);
            var sum2 = vec4<f32>(0.0);
            var sum3 = vec4<f32>(0.0);
            for (var chunk = 0; chunk < uniforms.inChannels; chunk += ${chunk}) {
              let gatheredChannel = chunk + thread % 4 * 4;
              gathered[thread / 4 * 5 + thread % 4] = readX(rowA, gatheredChannel, uniforms.inChannels);
              gathered[(16 + thread / 4) * 5 + thread % 4] = readX(rowB, gatheredChannel, uniforms.inChannels);
              for (var cell = thread; cell < ${chunk * 8}; cell += 64) {
                let inChannel = ${weightRow};
                let vector = ${weightVector};
                weights[inChannel * 8 + vector] = readFilter(firstOffset + i, chunk + inChannel, firstChannel + vector * 4);
              }
              workgroupBarrier();
              if (batch + firstOfPairs < range.y) {
                for (var k = 0; k < ${chunkVectors}; k++) {
                  let row = k * 32 + lane;
                  let matrix = mat4x4<f32>(weights[row], weights[row + 8], weights[row + 16], weights[row + 24]);
                  sum0 += matrix * gathered[place * 5 + k];
                  sum1 += matrix * gathered[(place + 4) * 5 + k];
                  sum2 += matrix * gathered[(place + 8) * 5 + k];
                  sum3 += matrix * gathered[(place + 12) * 5 + k];
                }
              }
              workgroupBarrier();
            }
            addTo(batch + place, range, firstSite, lane, sum0);
            addTo(batch + place + 4, range, firstSite, lane, sum1);
            addTo(batch + place + 8, range, firstSite, lane, sum2);
            addTo(batch + place + 12, range, firstSite, lane, sum3);
          }
        }
      }

      workgroupBarrier();
      let channel = firstChannel + lane * 4;
      for (var site = thread / 8; site < ${tileSites}; site += 8) {
        let row = firstSite + site;
        if (row >= uniforms.sites) { break; }
        var sum = sums[site * 8 + lane];
        if (uniforms.hasBias == 1) { sum += readBias(0, channel, uniforms.outChannels); }
        if (uniforms.hasResidual == 1) { sum += readResidual(row, channel, uniforms.outChannels); }
        if (uniforms.isRectified == 1) { sum = select(sum, vec4<f32>(0.0), sum < vec4<f32>(0.0)); }
        writeResult(row, channel, uniforms.outChannels, sum);
      }
    }`;
}

// filter_ is [offsets, inChannels, outChannels]
const filterRow = /* wgsl */ `
    fn readFilter(offset : i32, inChannel : i32, channel : i32) -> vec4<f32> {
      let row = select(-1, offset * uniforms.inChannels + inChannel, inChannel < uniforms.inChannels);
      return readFilter_(row, channel, uniforms.outChannels);
    }`;

// filter_ is [offsets, outChannels, inChannels]
const adjointFilter = /* wgsl */ `
    fn readFilter(offset : i32, inChannel : i32, channel : i32) -> vec4<f32> {
      var vector = vec4<f32>(0.0);
      if (inChannel >= uniforms.inChannels) { return vector; }
      let width = uniforms.inChannels;
      let first = (offset * uniforms.outChannels + channel) * width + inChannel;
      if (channel < uniforms.outChannels) { vector.x = filter_[first]; }
      if (channel + 1 < uniforms.outChannels) { vector.y = filter_[first + width]; }
      if (channel + 2 < uniforms.outChannels) { vector.z = filter_[first + 2 * width]; }
      if (channel + 3 < uniforms.outChannels) { vector.w = filter_[first + 3 * width]; }
      return vector;
    }`;
