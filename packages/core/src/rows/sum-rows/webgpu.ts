import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '../../op/webgpu-kernel.js';
import { entryInputs } from '../factors.js';
import type { GatherRows, SumRows } from './attributes.js';
import { sumSteps } from './sum-steps.js';

export const gatherRows: WebgpuKernel<GatherRows> = ({ x }, { rows }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [rows.rowCount, channels];
  if (x.shape[0] === 0) return { y: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per channel of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let column = columns[index / uniforms.channels];
      let channel = index % uniforms.channels;
      result[index] = 0.0;
      if (column >= 0) { result[index] = x[column * uniforms.channels + channel]; }
    }`;
  const inputs = { x, columns: gpu.table(rows.index!) };
  return { y: gpu.run({ key: 'gatherRows', outputShape, inputs, uniforms: { channels }, code }) };
};

export const sumRows: WebgpuKernel<SumRows> = ({ x, values }, { rows, isMean }, gpu) => {
  const channels = x.shape[1];
  if (rows.entryCount === 0) return { y: gpu.zeros([rows.rowCount, channels]) };
  const { factor, inputs } = entryInputs(rows, values, gpu);
  const steps = sumSteps(rows);
  const sumTerms = (term: string, read: Readonly<Record<string, TensorInfo>>, step: number): TensorInfo => {
    const isDivided = isMean && step === steps.length - 1;
    return gpu.run({
      key: `sumRows ${term} ${isDivided}`,
      outputShape: [steps[step].length - 1, channels],
      inputs: { ...read, starts: gpu.table(steps[step]), ...(isDivided && { entryStarts: gpu.table(rows.starts) }) },
      uniforms: { channels },
      code: () => sumCode(term, isDivided),
    });
  };
  let y = sumTerms(`${factor} * x[columns[entry] * uniforms.channels + channel]`, { x, ...inputs }, 0);
  for (let step = 1; step < steps.length; step++) {
    const sums = y;
    y = sumTerms('sums[entry * uniforms.channels + channel]', { sums }, step);
    gpu.dispose(sums);
  }
  return { y };
};

const sumCode = (term: string, isDivided: boolean) => /* wgsl */ `
  // One thread per channel of one row: its entries in order, eight at a time, which keeps float32 sums accurate.
  fn main(index : i32) {
    if (index >= uniforms.size) { return; }
    let row = index / uniforms.channels;
    let channel = index % uniforms.channels;
    let end = starts[row + 1];
    var sum = 0.0;
    for (var first = starts[row]; first < end; first += 8) {
      var part = 0.0;
      for (var entry = first; entry < min(first + 8, end); entry++) { part += ${term}; }
      sum += part;
    }
    result[index] = sum${isDivided ? ' / f32(max(entryStarts[row + 1] - entryStarts[row], 1))' : ''};
  }`;
