import { floatOrderCode, workgroupThreads, type WebgpuKernel } from '@tfjs-sparse/core';
import type { TopK, TopKGradient } from './attributes.js';
import { rowsOf } from './rows-of.js';

/** Counts for every element those of its row that come before it, up to k: about k * log(width / k) of most rows. */
export const topK: WebgpuKernel<TopK> = ({ x }, { k, width }, gpu) => {
  const rows = rowsOf(x.shape);
  const outputShape = [...x.shape.slice(0, -1), k];
  if (rows * k === 0) return { values: gpu.zeros(outputShape), indices: gpu.zeros(outputShape, 'int32') };
  const placesCode = () => /* wgsl */ `
    ${floatOrderCode}
    // One thread per element of x: it writes its index where it is one of the k greatest of its row.
    fn main(element : i32) {
      if (element >= uniforms.elements) { return; }
      let row = element / uniforms.width;
      let first = row * uniforms.width;
      let index = element - first;
      let key = keyOf(x[element]);
      var rank = 0;
      for (var i = 0; i < uniforms.width && rank < uniforms.k; i++) {
        let other = keyOf(x[first + i]);
        if (other > key || (other == key && i < index)) { rank++; } // of equal values the lower index first
      }
      if (rank < uniforms.k) { result[row * uniforms.k + rank] = index; }
    }`;
  const indices = gpu.run({
    key: 'topKIndices',
    outputShape,
    outputDtype: 'int32',
    inputs: { x },
    uniforms: { elements: rows * width, width, k },
    threads: rows * width,
    code: placesCode,
  });
  const code = () => /* wgsl */ `
    // One thread per element of the values.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.k;
      result[index] = x[row * uniforms.width + indices[index]];
    }`;
  const values = gpu.run({ key: 'topKValues', outputShape, inputs: { x, indices }, uniforms: { width, k }, code });
  return { values, indices };
};

export const topKGradient: WebgpuKernel<TopKGradient> = ({ dy, indices }, { width }, gpu) => {
  const rows = rowsOf(dy.shape);
  const k = dy.shape[dy.shape.length - 1];
  const outputShape = [...dy.shape.slice(0, -1), width];
  if (rows * k === 0) return { dx: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One workgroup per row: zeros first, then the gradients in their places.
    fn main(index : i32) {
      let row = index / ${workgroupThreads};
      let thread = index % ${workgroupThreads};
      let isInside = row < uniforms.rows;
      if (isInside) {
        for (var i = thread; i < uniforms.width; i += ${workgroupThreads}) { result[row * uniforms.width + i] = 0.0; }
      }
      storageBarrier();
      if (isInside) {
        for (var place = thread; place < uniforms.k; place += ${workgroupThreads}) {
          let source = row * uniforms.k + place;
          result[row * uniforms.width + indices[source]] = dy[source];
        }
      }
    }`;
  const uniforms = { rows, width, k };
  const program = { key: 'topKGradient', outputShape, inputs: { dy, indices }, uniforms, code };
  return { dx: gpu.run({ ...program, threads: rows * workgroupThreads }) };
};
