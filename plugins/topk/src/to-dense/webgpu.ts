import { workgroupThreads, type WebgpuKernel } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import type { TakeEntries, ToDense } from './attributes.js';

/**
 * Entries are taken one after another by one thread per column block: two of a row may have the same place, and the order
 * of their sum is that of the entries.
 */
export const toDenseWebgpu: WebgpuKernel<ToDense> = ({ values, indices }, { width }, gpu) => {
  const { shape } = indices;
  const [rows, k] = [rowsOf(shape), shape[shape.length - 1]];
  const outputShape = [...shape.slice(0, -1), width];
  if (rows * k * width === 0) return { dense: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One workgroup per row: zeros first, then the entries in their places, those of a place by one thread.
    fn main(index : i32) {
      let row = index / ${workgroupThreads};
      let thread = index % ${workgroupThreads};
      let isInside = row < uniforms.rows;
      if (isInside) {
        for (var i = thread; i < uniforms.width; i += ${workgroupThreads}) { result[row * uniforms.width + i] = 0.0; }
        for (var entry = row * uniforms.k; entry < (row + 1) * uniforms.k; entry++) {
          let place = indices[entry];
          let isMine = place >= 0 && place < uniforms.width && place % ${workgroupThreads} == thread;
          if (isMine) { result[row * uniforms.width + place] += values[entry]; }
        }
      }
    }`;
  const program = { key: 'rowsToDense', outputShape, inputs: { values, indices }, uniforms: { rows, width, k }, code };
  return { dense: gpu.run({ ...program, threads: rows * workgroupThreads }) };
};

export const takeEntriesWebgpu: WebgpuKernel<TakeEntries> = ({ x, indices }, _attrs, gpu) => {
  const { shape } = indices;
  const [width, k] = [x.shape[x.shape.length - 1], shape[shape.length - 1]];
  if (rowsOf(shape) * k === 0) return { values: gpu.zeros(shape) };
  if (width === 0) return { values: gpu.zeros(shape) };
  const code = () => /* wgsl */ `
    // One thread per entry.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let place = indices[index];
      let isEntry = place >= 0 && place < uniforms.width;
      result[index] = select(0.0, x[index / uniforms.k * uniforms.width + max(place, 0)], isEntry);
    }`;
  return {
    values: gpu.run({ key: 'takeEntries', outputShape: shape, inputs: { x, indices }, uniforms: { width, k }, code }),
  };
};
