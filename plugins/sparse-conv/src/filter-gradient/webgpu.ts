import { workgroupThreads, type KernelMap, type WebgpuKernel, type WebgpuScope } from '@tfjs-sparse/core';
import type { MapFilterGradient } from '../map-convolution/attributes.js';
import { pairRangeCode } from '../pair-range.js';
import { readVector, writeVector } from '../read-vector.js';

type Tensor = ReturnType<WebgpuScope['zeros']>;

const block = 32; // channels of x and of dy of a workgroup

/**
 * Workgroups per offset, at most: they fill a large GPU, and their partial sums, [slices, offsets, inChannels,
 * outChannels], take 14 MB for 27 offsets.
 */
const workgroupsPerOffset = 128;
const leastPairs = 128; // of a workgroup: fewer would cost more in partial sums than the wait for the longest slice

/** Sums of slices of the pairs first, then over the slices, both in order: the same bits every run. */
export const mapFilterGradientWebgpu: WebgpuKernel<MapFilterGradient> = ({ x, dy }, { map }, gpu) => {
  const [, inChannels] = x.shape;
  const [, outChannels] = dy.shape;
  if (map.inSites === 0 || map.outSites === 0) {
    return { dFilter: gpu.zeros([map.offsetCount, inChannels, outChannels]) };
  }
  const blocks = Math.ceil(inChannels / block) * Math.ceil(outChannels / block);
  const slices = Math.max(Math.ceil(Math.min(workgroupsPerOffset / blocks, mostPairs(map) / leastPairs)), 1);
  const partial = sumSlices(x, dy, map, slices, blocks, gpu);
  if (slices === 1) return { dFilter: { ...partial, shape: partial.shape.slice(1) } };
  const dFilter = sumPartials(partial, gpu);
  gpu.dispose(partial);
  return { dFilter };
};

/** @returns `[slices, offsets, inChannels, outChannels]` */
function sumSlices(x: Tensor, dy: Tensor, map: KernelMap, slices: number, blocks: number, gpu: WebgpuScope): Tensor {
  const [, inChannels] = x.shape;
  const [, outChannels] = dy.shape;
  const isVector = inChannels % 4 === 0 && outChannels % 4 === 0;
  const code = () => /* wgsl */ `
    var<workgroup> inputs : array<vec4<f32>, 256>; // [32 pairs][4 channels of x]
    var<workgroup> outputs : array<vec4<f32>, 256>; // [32 pairs][4 channels of dy]
    var<workgroup> slice : vec3<i32>;
    ${pairRangeCode}
    ${readVector('x', isVector)}
    ${readVector('dy', isVector)}
    ${writeVector(isVector)}

    // One workgroup sums a slice of the pairs of one offset for 32 x 32 channels, 32 pairs at a time; one thread has 4 x 4.
    fn main(index : i32) {
      let thread = index % 64;
      let outBlocks = (uniforms.outChannels + 31) / 32;
      let inBlocks = (uniforms.inChannels + 31) / 32;
      var workgroup = index / 64;
      let outBlock = workgroup % outBlocks * 32;
      workgroup /= outBlocks;
      let inBlock = workgroup % inBlocks * 32;
      workgroup /= inBlocks;
      let offset = workgroup % uniforms.offsets;
      let part = workgroup / uniforms.offsets;
      if (thread == 0) {
        let range = rangeOf(offset, 0, uniforms.sites);
        let pairs = (range.y - range.x + uniforms.slices - 1) / uniforms.slices;
        let first = min(range.x + part * pairs, range.y);
        slice = vec3<i32>(first, min(first + pairs, range.y), range.z);
      }
      let range = workgroupUniformLoad(&slice);
      var sum0 = vec4<f32>(0.0);
      var sum1 = vec4<f32>(0.0);
      var sum2 = vec4<f32>(0.0);
      var sum3 = vec4<f32>(0.0);
      for (var batch = range.x; batch < range.y; batch += 32) {
        for (var cell = thread; cell < 256; cell += 64) {
          let sites = pairAt(batch + cell / 8, range);
          let channel = cell % 8 * 4;
          inputs[cell] = readX(sites.x, inBlock + channel, uniforms.inChannels);
          outputs[cell] = readDy(sites.y, outBlock + channel, uniforms.outChannels);
        }
        workgroupBarrier();
        var part0 = vec4<f32>(0.0); // sums of sums: float32 loses less so
        var part1 = vec4<f32>(0.0);
        var part2 = vec4<f32>(0.0);
        var part3 = vec4<f32>(0.0);
        for (var i = 0; i < min(32, range.y - batch); i++) {
          let input = inputs[i * 8 + thread / 8];
          let output = outputs[i * 8 + thread % 8];
          part0 += input.x * output;
          part1 += input.y * output;
          part2 += input.z * output;
          part3 += input.w * output;
        }
        sum0 += part0;
        sum1 += part1;
        sum2 += part2;
        sum3 += part3;
        workgroupBarrier();
      }
      if (part >= uniforms.slices) { return; }
      let inChannel = inBlock + thread / 8 * 4;
      let channel = outBlock + thread % 8 * 4;
      let row = (part * uniforms.offsets + offset) * uniforms.inChannels + inChannel;
      let rows = uniforms.inChannels - inChannel;
      if (rows > 0) { writeResult(row, channel, uniforms.outChannels, sum0); }
      if (rows > 1) { writeResult(row + 1, channel, uniforms.outChannels, sum1); }
      if (rows > 2) { writeResult(row + 2, channel, uniforms.outChannels, sum2); }
      if (rows > 3) { writeResult(row + 3, channel, uniforms.outChannels, sum3); }
    }`;
  return gpu.run({
    key: `sparseMapFilterGradient slices ${isVector}`,
    outputShape: [slices, map.offsetCount, inChannels, outChannels],
    inputs: {
      x,
      dy,
      left: gpu.table(map.left),
      right: gpu.table(map.right),
      starts: gpu.table(map.pairStarts()),
    },
    vectors: isVector ? ['x', 'dy', 'result'] : [],
    uniforms: {
      sites: map.outSites,
      offsets: map.offsetCount,
      identityOffset: map.identityOffset,
      inChannels,
      outChannels,
      slices,
    },
    code,
    threads: slices * map.offsetCount * blocks * workgroupThreads,
  });
}

/** The sum over the first axis. */
function sumPartials(partial: Tensor, gpu: WebgpuScope): Tensor {
  const [slices, ...outputShape] = partial.shape;
  const code = () => /* wgsl */ `
    // One thread per element of the filter.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      var sum = 0.0;
      for (var slice = 0; slice < uniforms.slices; slice++) { sum += partial_[slice * uniforms.size + index]; }
      result[index] = sum;
    }`;
  const inputs = { partial_: partial };
  return gpu.run({ key: 'sparseMapFilterGradient', outputShape, inputs, uniforms: { slices }, code });
}

/** Of one offset. */
function mostPairs({ segments, identityOffset, outSites }: KernelMap): number {
  return Math.max(identityOffset < 0 ? 0 : outSites, ...segments.map(({ count }) => count));
}
