import type { TensorInfo } from '@tensorflow/tfjs-core';
import { derivedKey, workgroupThreads, type WebgpuKernel, type WebgpuScope } from '@tfjs-sparse/core';
import { epilogueCode } from '../epilogue-code.js';
import type { PatternMatMul } from '../matmul/attributes.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { encodePattern } from '../pattern/stored-pattern.js';

const placeTables = derivedKey<Int32Array>();

/** The places of the kept weights, log2(m) bits each: with 2 of 4 the weights and their places are 17/32 of the dense bytes. */
export function placesTable(pattern: SparsityPattern): Int32Array {
  return pattern.blocks.derived(placeTables, (own) => own(encodePattern(pattern)));
}

/** Whether the kernels below take the pattern. */
export function hasPlaces({ groups, blockOutputs, blockCount }: SparsityPattern): boolean {
  return groups !== null && blockOutputs === 1 && blockCount > 0; // no buffer may be empty
}

const tileSide = 8; // rows and outputs of a workgroup: 64 sums
const fewRows = 4; // below, a workgroup shares one sum instead

/** y = activation(x * W + bias + residual) for n of m weights with one pattern per output. */
export function multiplyGroups(
  { x, values, bias, residual }: Parameters<WebgpuKernel<PatternMatMul>>[0],
  { pattern, activation }: PatternMatMul['attrs'],
  gpu: WebgpuScope,
): TensorInfo {
  const { inFeatures, outFeatures, columns } = pattern;
  const rows = x.shape[0];
  const { n, m } = pattern.groups!;
  const isSplit = rows <= fewRows;
  const workgroups = isSplit ? rows * outFeatures : Math.ceil(rows / tileSide) * Math.ceil(outFeatures / tileSide);
  const epilogue = epilogueCode({ bias, residual }, activation);
  const code = () => /* wgsl */ `
    ${placeCode(n, m)}
    ${epilogue.code()}
    ${isSplit ? splitCode : tileCode}`;
  return gpu.run({
    key: `nmMatMul ${n}:${m} ${isSplit ? 'split' : 'tiles'}${epilogue.key}`,
    outputShape: [rows, outFeatures],
    inputs: { x, values, places: gpu.table(placesTable(pattern)), ...epilogue.inputs },
    uniforms: { rows, inFeatures, outFeatures, kept: columns.length / outFeatures, ...epilogue.uniforms },
    code,
    threads: workgroups * workgroupThreads,
  });
}

function placeCode(n: number, m: number): string {
  return /* wgsl */ `
    // The input that kept weight i of an output meets.
    fn columnOf(output : i32, i : i32) -> i32 {
      let bit = u32(output * uniforms.kept + i) * ${Math.log2(m)}u;
      let shift = bit & 31u;
      var place = u32(places[bit >> 5u]) >> shift;
      if (shift + ${Math.log2(m)}u > 32u) { place |= u32(places[(bit >> 5u) + 1u]) << (32u - shift); }
      return i / ${n} * ${m} + i32(place & ${m - 1}u);
    }`;
}

/** One workgroup per output of one row: neighbouring threads read neighbouring weights. */
const splitCode = /* wgsl */ `
    var<workgroup> parts : array<f32, ${workgroupThreads}>;

    fn main(index : i32) {
      let element = index / ${workgroupThreads};
      let thread = index % ${workgroupThreads};
      let isInside = element < uniforms.size;
      let output = element % uniforms.outFeatures;
      let firstInput = element / uniforms.outFeatures * uniforms.inFeatures;
      var part = 0.0;
      if (isInside) {
        for (var i = thread; i < uniforms.kept; i += ${workgroupThreads}) {
          part += x[firstInput + columnOf(output, i)] * values[output * uniforms.kept + i];
        }
      }
      parts[thread] = part;
      for (var half = ${workgroupThreads / 2}; half > 0; half /= 2) {
        workgroupBarrier();
        if (thread < half) { parts[thread] += parts[thread + half]; }
      }
      if (isInside && thread == 0) { result[element] = finished(parts[0], output, element); }
    }`;

/** One workgroup per 8 rows by 8 outputs: the weights of 8 outputs are read once for 8 rows. */
const tileCode = /* wgsl */ `
    var<workgroup> weights : array<f32, ${workgroupThreads}>;
    var<workgroup> inputs : array<i32, ${workgroupThreads}>;

    fn main(index : i32) {
      let tilesAcross = (uniforms.outFeatures + ${tileSide - 1}) / ${tileSide};
      let tile = index / ${workgroupThreads};
      let thread = index % ${workgroupThreads};
      let across = thread % ${tileSide};
      let down = thread / ${tileSide};
      let row = tile / tilesAcross * ${tileSide} + down;
      let firstOutput = tile % tilesAcross * ${tileSide};
      let output = firstOutput + across;
      let firstInput = row * uniforms.inFeatures;
      let isInside = row < uniforms.rows && output < uniforms.outFeatures;
      var sum = 0.0;
      for (var first = 0; first < uniforms.kept; first += ${tileSide}) {
        workgroupBarrier();
        let i = first + across; // this thread fetches weight i of output firstOutput + down
        let isKept = i < uniforms.kept && firstOutput + down < uniforms.outFeatures;
        weights[thread] = 0.0;
        inputs[thread] = -1;
        if (isKept) {
          weights[thread] = values[(firstOutput + down) * uniforms.kept + i];
          inputs[thread] = columnOf(firstOutput + down, i);
        }
        workgroupBarrier();
        if (isInside) {
          for (var k = 0; k < ${tileSide}; k++) {
            let fetched = across * ${tileSide} + k;
            if (inputs[fetched] >= 0) { sum += x[firstInput + inputs[fetched]] * weights[fetched]; }
          }
        }
      }
      let element = row * uniforms.outFeatures + output;
      if (isInside) { result[element] = finished(sum, output, element); }
    }`;
