import { activateCode } from '@tfjs-sparse/core';
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
  /** Tiles of inputs and filter are float16: half of the workgroup memory is read. Sums are float32. */
  readonly isHalf: boolean;
  /**
   * Four threads hand each other the inputs that they have in common, instead of through workgroup memory: an operand of
   * the multiplication on AMD and Intel, no more than a read of workgroup memory on NVIDIA (by their documents, not
   * measured). Any subgroup of 4 threads or more does.
   */
  readonly isBroadcast: boolean;
}

/**
 * One workgroup per tile and 32 output channels. Uniforms: sites, offsets, identityOffset, inChannels, outChannels, and
 * hasBias, hasResidual (0 or 1; what is absent is not read), and activation.
 */
export function tileProductCode(shape: TileProduct): string {
  const { tileSites, chunkVectors, isVector, isAdjoint, isHalf, isBroadcast } = shape;
  const chunk = chunkVectors * 4;
  const filterReader = isAdjoint ? adjointFilter : readVector('filter_', isVector) + filterRow;
  const tileVector = isHalf ? 'vec4<f16>' : 'vec4<f32>';
  const inputs = isBroadcast ? broadcastInputs(chunkVectors, tileVector) : gatheredInputs(chunkVectors, tileVector);
  // Neighbouring threads read neighbouring addresses.
  const [weightRow, weightVector] = isAdjoint ? [`cell % ${chunk}`, `cell / ${chunk}`] : ['cell / 8', 'cell % 8'];
  return /* wgsl */ `
    var<workgroup> sums : array<vec4<f32>, ${tileSites * 8}>; // [site of the tile][4 output channels]
    ${inputs.declaration}
    var<workgroup> weights : array<${tileVector}, ${chunk * 8}>; // [input channel][4 output channels]
    var<workgroup> ranges : array<vec3<i32>, 64>; // of 64 offsets
    ${pairRangeCode}
    ${readVector('x', isVector)}
    ${filterReader}
    ${readVector('bias', isVector)}
    ${readVector('residual', isVector)}
    ${writeVector(isVector)}
    ${activateCode('vec4<f32>')}

    fn addTo(pair : i32, range : vec3<i32>, firstSite : i32, lane : i32, sum : vec4<f32>) {
      if (pair < range.y) { sums[(pairAt(pair, range).y - firstSite) * 8 + lane] += sum; }
    }

    // One workgroup sums a tile of sites x 32 channels of the output. For every offset it takes the tile's pairs 32 at a
    // time and a chunk of input channels at a time; one thread multiplies 4 pairs by 4 output channels.
    fn main(index : i32) {
      let thread = index % 64;
      let channelBlocks = (uniforms.outChannels + 31) / 32;
      let firstSite = index / 64 / channelBlocks * ${tileSites};
      let firstChannel = index / 64 % channelBlocks * 32;
      let lane = thread % 8;
      let firstOfPairs = thread / 32 * 16; // 32 threads take 16 pairs in a row, or nothing
      let place = firstOfPairs + thread / 8 % 4; // of the thread's first pair; the others follow by 4
      ${inputs.start}
      for (var cell = thread; cell < ${tileSites * 8}; cell += 64) { sums[cell] = vec4<f32>(0.0); }

      for (var firstOffset = 0; firstOffset < uniforms.offsets; firstOffset += 64) {
        ranges[thread] = rangeOf(firstOffset + thread, firstSite, firstSite + ${tileSites});
        for (var i = 0; i < min(64, uniforms.offsets - firstOffset); i++) {
          let range = workgroupUniformLoad(&ranges[i]); // barriers before and after
          for (var batch = range.x; batch < range.y; batch += 32) {
            ${inputs.rows}
            var sum0 = vec4<f32>(0.0);
            var sum1 = vec4<f32>(0.0);
            var sum2 = vec4<f32>(0.0);
            var sum3 = vec4<f32>(0.0);
            for (var chunk = 0; chunk < uniforms.inChannels; chunk += ${chunk}) {
              ${inputs.load}
              for (var cell = thread; cell < ${chunk * 8}; cell += 64) {
                let inChannel = ${weightRow};
                let vector = ${weightVector};
                weights[inChannel * 8 + vector] =
                  ${tileVector}(readFilter(firstOffset + i, chunk + inChannel, firstChannel + vector * 4));
              }
              workgroupBarrier();
              if (batch + firstOfPairs < range.y) {
                ${inputs.multiply}
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
        writeResult(row, channel, uniforms.outChannels, activated(sum));
      }
    }`;
}

/** How the threads get the inputs of their pairs: parts of the shader. */
interface InputCode {
  readonly declaration: string;
  /** Before everything. */
  readonly start: string;
  /** Before the chunks of a batch. */
  readonly rows: string;
  /** Before the barrier of a chunk. */
  readonly load: string;
  /** Adds the products of a chunk to sum0 .. sum3. */
  readonly multiply: string;
}

// weights[row], the vectors of 4 input channels k * 4 .. of the thread's 4 output channels, as columns
const matrixCode = /* wgsl */ `
                  let matrix = mat4x4<f32>(
                    vec4<f32>(weights[row]), vec4<f32>(weights[row + 8]),
                    vec4<f32>(weights[row + 16]), vec4<f32>(weights[row + 24]));`;

function gatheredInputs(chunkVectors: number, tileVector: string): InputCode {
  return {
    declaration: /* wgsl */ `
    var<workgroup> gathered : array<${tileVector}, 160>; // [32 pairs][4 input channels], 5 vectors a pair: other banks`,
    start: '',
    rows: /* wgsl */ `
            let rowA = pairAt(batch + thread / 4, range).x;
            let rowB = pairAt(batch + 16 + thread / 4, range).x;`,
    load: /* wgsl */ `
              let ownChannel = chunk + thread % 4 * 4;
              gathered[thread / 4 * 5 + thread % 4] = ${tileVector}(readX(rowA, ownChannel, uniforms.inChannels));
              gathered[(16 + thread / 4) * 5 + thread % 4] = ${tileVector}(readX(rowB, ownChannel, uniforms.inChannels));`,
    multiply: /* wgsl */ `
                for (var k = 0; k < ${chunkVectors}; k++) {
                  let row = k * 32 + lane;
                  ${matrixCode}
                  sum0 += matrix * vec4<f32>(gathered[place * 5 + k]);
                  sum1 += matrix * vec4<f32>(gathered[(place + 4) * 5 + k]);
                  sum2 += matrix * vec4<f32>(gathered[(place + 8) * 5 + k]);
                  sum3 += matrix * vec4<f32>(gathered[(place + 12) * 5 + k]);
                }`,
  };
}

function broadcastInputs(chunkVectors: number, tileVector: string): InputCode {
  const each = (line: (pair: number) => string) => [0, 1, 2, 3].map(line).join('');
  const read = (pair: number, channel: string) => `${tileVector}(readX(row${pair}, ${channel}, uniforms.inChannels))`;
  const multiply = (k: number) => /* wgsl */ `
                {
                  let row = ${k * 32} + lane;
                  ${matrixCode}
                  ${each((i) => `var input${i} = quadBroadcast(own${i}, ${k}); `)}
                  if (!areQuads) { ${each((i) => `input${i} = ${read(i, `chunk + ${k * 4}`)}; `)} }
                  ${each((i) => `sum${i} += matrix * vec4<f32>(input${i}); `)}
                }`;
  return {
    declaration: '',
    // WGSL does not promise that threads 4 * i .. 4 * i + 3 are a quad, in order; every device so far does it.
    start: /* wgsl */ `
      let first = quadBroadcast(thread, 0);
      let inOrder = first % 4 == 0 && quadBroadcast(thread, 1) == first + 1 &&
        quadBroadcast(thread, 2) == first + 2 && quadBroadcast(thread, 3) == first + 3;
      let areQuads = subgroupAll(inOrder);`,
    rows: each((i) => `let row${i} = pairAt(batch + place + ${i * 4}, range).x; `),
    load: `let ownChannel = chunk + thread % 4 * 4; ${each((i) => `let own${i} = ${read(i, 'ownChannel')}; `)}`,
    multiply: Array.from({ length: chunkVectors }, (_, k) => multiply(k)).join(''),
  };
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
