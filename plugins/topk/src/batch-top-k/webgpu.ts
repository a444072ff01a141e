import type { TensorInfo } from '@tensorflow/tfjs-core';
import { floatOrderCode, workgroupThreads, type WebgpuKernel, type WebgpuScope } from '@tfjs-sparse/core';
import type { BatchTopK } from './attributes.js';

const digits = [24, 16, 8, 0]; // how far the eight bits of each are to be shifted
const bins = 256;
const blockElements = 4096; // that a workgroup counts
const threadElements = 64; // that a thread writes

/**
 * The last value that is kept, found digit by digit from a histogram of those that begin like it; then each block of x
 * writes its own behind those of the blocks before it. Twelve dispatches for any number of elements, and nothing is read
 * back.
 */
export const batchTopKWebgpu: WebgpuKernel<BatchTopK> = ({ x }, { count, elements }, gpu) => {
  if (count === 0) return { values: gpu.zeros([0]), indices: gpu.zeros([0], 'int32') };
  let state: TensorInfo | null = null;
  for (const shift of digits) {
    const histogram = countDigits(gpu, x, state, shift, elements);
    const next = addDigit(gpu, histogram, state, shift, count);
    gpu.dispose(histogram);
    if (state) gpu.dispose(state);
    state = next;
  }
  const counts = countKept(gpu, x, state!, elements);
  const starts = sumBefore(gpu, counts);
  const indices = writeKept(gpu, x, state!, starts, count, elements);
  for (const each of [state!, counts, starts]) gpu.dispose(each);
  const code = () => /* wgsl */ `
    // One thread per value.
    fn main(index : i32) {
      if (index < uniforms.size) { result[index] = x[indices[index]]; }
    }`;
  const values = gpu.run({ key: 'batchTopKValues', outputShape: [count], inputs: { x, indices }, code });
  return { values, indices };
};

// `state` holds the digits of the last kept key that are known, and how many of those that begin like it are kept; null
// before the first digit.
const keyCode = /* wgsl */ `
  ${floatOrderCode}
  fn digitsOf(value : f32) -> u32 { return bitcast<u32>(keyOf(value)) ^ 0x80000000u; }`;

/** `[blocks, bins]` */
function countDigits(
  gpu: WebgpuScope,
  x: TensorInfo,
  state: TensorInfo | null,
  shift: number,
  elements: number,
): TensorInfo {
  const blocks = Math.ceil(elements / blockElements);
  return gpu.run({
    key: `batchTopKHistogram ${shift}`,
    outputShape: [blocks, bins],
    outputDtype: 'int32',
    inputs: { x, ...(state && { state }) },
    uniforms: { elements, blocks },
    threads: blocks * workgroupThreads,
    code: () => /* wgsl */ `
    ${keyCode}
    var<workgroup> counts : array<atomic<i32>, ${bins}>;
    // One workgroup per block of x.
    fn main(index : i32) {
      let block = index / ${workgroupThreads};
      let thread = index % ${workgroupThreads};
      for (var bin = thread; bin < ${bins}; bin += ${workgroupThreads}) { atomicStore(&counts[bin], 0); }
      workgroupBarrier();
      let end = min((block + 1) * ${blockElements}, uniforms.elements);
      for (var i = block * ${blockElements} + thread; i < end; i += ${workgroupThreads}) {
        let digits = digitsOf(x[i]);
        let isLike = ${state === null ? 'true' : `(digits >> ${shift + 8}u) == (bitcast<u32>(state[0]) >> ${shift + 8}u)`};
        if (isLike) { atomicAdd(&counts[(digits >> ${shift}u) & 255u], 1); }
      }
      workgroupBarrier();
      if (block < uniforms.blocks) {
        for (var bin = thread; bin < ${bins}; bin += ${workgroupThreads}) {
          result[block * ${bins} + bin] = atomicLoad(&counts[bin]);
        }
      }
    }`,
  });
}

function addDigit(
  gpu: WebgpuScope,
  histogram: TensorInfo,
  state: TensorInfo | null,
  shift: number,
  count: number,
): TensorInfo {
  return gpu.run({
    key: `batchTopKDigit ${shift}`,
    outputShape: [2],
    outputDtype: 'int32',
    inputs: { histogram, ...(state && { state }) },
    uniforms: { blocks: histogram.shape[0], count },
    threads: workgroupThreads,
    code: () => /* wgsl */ `
    var<workgroup> totals : array<i32, ${bins}>;
    // One workgroup: sums of the blocks, and then one thread from the greatest digit down.
    fn main(index : i32) {
      for (var bin = index; bin < ${bins}; bin += ${workgroupThreads}) {
        var total = 0;
        for (var block = 0; block < uniforms.blocks; block++) { total += histogram[block * ${bins} + bin]; }
        totals[bin] = total;
      }
      workgroupBarrier();
      if (index == 0) {
        var left = ${state ? 'state[1]' : 'uniforms.count'};
        var digit = ${bins - 1};
        while (digit > 0 && totals[digit] < left) {
          left -= totals[digit];
          digit--;
        }
        result[0] = ${state ? 'state[0]' : '0'} | (digit << ${shift}u);
        result[1] = left;
      }
    }`,
  });
}

/** Above and equal to the last kept key, per thread: `[threads, 2]`. */
function countKept(gpu: WebgpuScope, x: TensorInfo, state: TensorInfo, elements: number): TensorInfo {
  const threads = Math.ceil(elements / threadElements);
  return gpu.run({
    key: 'batchTopKCounts',
    outputShape: [threads, 2],
    outputDtype: 'int32',
    inputs: { x, state },
    uniforms: { elements, count: threads },
    threads,
    code: () => /* wgsl */ `
    ${keyCode}
    // One thread per ${threadElements} values.
    fn main(index : i32) {
      if (index >= uniforms.count) { return; }
      let last = bitcast<u32>(state[0]);
      var above = 0;
      var equal = 0;
      let end = min((index + 1) * ${threadElements}, uniforms.elements);
      for (var i = index * ${threadElements}; i < end; i++) {
        let digits = digitsOf(x[i]);
        above += i32(digits > last);
        equal += i32(digits == last);
      }
      result[2 * index] = above;
      result[2 * index + 1] = equal;
    }`,
  });
}

/** The sums of all counts before each. */
function sumBefore(gpu: WebgpuScope, counts: TensorInfo): TensorInfo {
  const [count] = counts.shape;
  return gpu.run({
    key: 'batchTopKStarts',
    outputShape: counts.shape,
    outputDtype: 'int32',
    inputs: { counts },
    uniforms: { count, share: Math.ceil(count / workgroupThreads) },
    threads: workgroupThreads,
    code: () => /* wgsl */ `
    var<workgroup> totals : array<vec2<i32>, ${workgroupThreads}>;
    fn pairAt(i : i32) -> vec2<i32> { return vec2<i32>(counts[2 * i], counts[2 * i + 1]); }
    // One workgroup: a share of the counts per thread.
    fn main(index : i32) {
      let end = min((index + 1) * uniforms.share, uniforms.count);
      var sum = vec2<i32>(0, 0);
      for (var i = index * uniforms.share; i < end; i++) { sum += pairAt(i); }
      totals[index] = sum;
      workgroupBarrier();
      var before = vec2<i32>(0, 0);
      for (var other = 0; other < index; other++) { before += totals[other]; }
      for (var i = index * uniforms.share; i < end; i++) {
        result[2 * i] = before.x;
        result[2 * i + 1] = before.y;
        before += pairAt(i);
      }
    }`,
  });
}

function writeKept(
  gpu: WebgpuScope,
  x: TensorInfo,
  state: TensorInfo,
  starts: TensorInfo,
  count: number,
  elements: number,
): TensorInfo {
  const [threads] = starts.shape;
  return gpu.run({
    key: 'batchTopKIndices',
    outputShape: [count],
    outputDtype: 'int32',
    inputs: { x, state, starts },
    uniforms: { elements, threads },
    threads,
    code: () => /* wgsl */ `
    ${keyCode}
    // One thread per ${threadElements} values.
    fn main(index : i32) {
      if (index >= uniforms.threads) { return; }
      let last = bitcast<u32>(state[0]);
      let equals = state[1]; // so many of the equal ones are kept, the first
      var above = starts[2 * index];
      var equal = starts[2 * index + 1];
      let end = min((index + 1) * ${threadElements}, uniforms.elements);
      for (var i = index * ${threadElements}; i < end; i++) {
        let digits = digitsOf(x[i]);
        if (digits > last || (digits == last && equal < equals)) { result[above + min(equal, equals)] = i; }
        above += i32(digits > last);
        equal += i32(digits == last);
      }
    }`,
  });
}
