import type { WebgpuKernel } from '../../op/webgpu-kernel.js';
import type { EntryProducts } from './attributes.js';

export const entryProductsWebgpu: WebgpuKernel<EntryProducts> = ({ a, b, places }, { rows }, gpu) => {
  const channels = a.shape[1];
  const outputShape = [rows.entryCount];
  if (rows.entryCount === 0 || channels === 0) return { products: gpu.zeros(outputShape) };
  const isCounted = places ? 'places[row * uniforms.channels + channel] == index - starts[row]' : 'true';
  const code = () => /* wgsl */ `
    // One thread per entry.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = rows[index];
      let column = columns[index];
      var sum = 0.0;
      for (var channel = 0; channel < uniforms.channels; channel++) {
        if (${isCounted}) { sum += a[row * uniforms.channels + channel] * b[column * uniforms.channels + channel]; }
      }
      result[index] = sum;
    }`;
  const inputs = {
    a,
    b,
    rows: gpu.table(rows.rows),
    columns: gpu.table(rows.columns),
    ...(places && { places, starts: gpu.table(rows.starts) }),
  };
  const key = `entryProducts ${places ? 'places' : ''}`;
  return { products: gpu.run({ key, outputShape, inputs, uniforms: { channels }, code }) };
};
