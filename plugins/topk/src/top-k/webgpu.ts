import type { TensorInfo } from '@tensorflow/tfjs-core';
import { floatOrderCode, workgroupThreads, type GpuProgram, type WebgpuKernel } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import type { TopK } from './attributes.js';
import { selectionCode } from './selection-code.js';

const mostListed = 1536; // entries of 8 bytes: with 512 maxima they fill 14 of the 16 kB that every adapter has
const mostMaxima = 8; // per thread

/** The indices, and then the values by them: a program has one output. */
export const topKWebgpu: WebgpuKernel<TopK> = ({ x }, { k, counts, width }, gpu) => {
  const rows = rowsOf(x.shape);
  const outputShape = [...x.shape.slice(0, -1), k];
  if (rows * k === 0) return { values: gpu.zeros(outputShape), indices: gpu.zeros(outputShape, 'int32') };
  const inputs = { x, ...(counts && { counts: gpu.table(counts) }) };
  const program = { outputShape, outputDtype: 'int32', inputs, uniforms: { rows, width, k } } as const;
  const indices = gpu.run(k <= mostListed ? listedProgram(program, k) : rankedProgram(program, rows * width));
  const code = () => /* wgsl */ `
    // One thread per element of the values.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.k;
      let place = indices[index];
      result[index] = select(0.0, x[row * uniforms.width + max(place, 0)], place >= 0);
    }`;
  const values = gpu.run({ key: 'topKValues', outputShape, inputs: { x, indices }, uniforms: { width, k }, code });
  return { values, indices };
};

type Program = Omit<GpuProgram, 'key' | 'code'>;

/** Two passes over the row for most rows: the maxima of chunks give a bound, and few values reach it. */
function listedProgram(program: Program, k: number): GpuProgram {
  const maxima = Math.min(Math.ceil((4 * k) / workgroupThreads), mostMaxima);
  return {
    ...program,
    key: `topKListed ${maxima} ${'counts' in program.inputs}`,
    threads: (program.uniforms!.rows as number) * workgroupThreads,
    code: () => selectionCode(maxima, mostListed, countCode(program.inputs)),
  };
}

/** For so many of a row that they fit no list: counts for every value those before it, up to k. */
function rankedProgram(program: Program, elements: number): GpuProgram {
  return {
    ...program,
    key: `topKRanked ${'counts' in program.inputs}`,
    threads: elements,
    code: () => /* wgsl */ `
    ${floatOrderCode}
    // One thread per element of x: it writes its index where it is one of the k greatest of its row. The first ones of a
    // row also mark the places that its count leaves free.
    fn main(element : i32) {
      if (element >= uniforms.rows * uniforms.width) { return; }
      let row = element / uniforms.width;
      let first = row * uniforms.width;
      let index = element - first;
      let count = ${countCode(program.inputs)};
      if (index >= count && index < uniforms.k) { result[row * uniforms.k + index] = -1; }
      let key = keyOf(x[element]);
      var rank = 0;
      for (var i = 0; i < uniforms.width && rank < count; i++) {
        let other = keyOf(x[first + i]);
        if (other > key || (other == key && i < index)) { rank++; } // of equal values the lower index first
      }
      if (rank < count) { result[row * uniforms.k + rank] = index; }
    }`,
  };
}

function countCode(inputs: Readonly<Record<string, TensorInfo>>): string {
  return 'counts' in inputs ? 'counts[row]' : 'uniforms.k';
}
