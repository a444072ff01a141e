import { workgroupThreads, type WebgpuKernel } from '@tfjs-sparse/core';
import { epilogueCode } from '../epilogue-code.js';
import type { ZeroSkipMatMul } from './attributes.js';

export const zeroSkipMatMulWebgpu: WebgpuKernel<ZeroSkipMatMul> = (inputs, { activation }, gpu) => {
  const { x, weights, bias, residual } = inputs;
  const [rows, inFeatures] = x.shape;
  const outFeatures = weights.shape[1];
  const outputShape = [rows, outFeatures];
  const epilogue = epilogueCode(inputs, activation);
  const filler = bias ?? residual;
  if (rows * outFeatures === 0 || (inFeatures === 0 && !filler)) return { y: gpu.zeros(outputShape) };
  const operands = inFeatures > 0 ? { x, weights } : { x: filler!, weights: filler! }; // an empty tensor cannot be bound
  // Whole workgroups per row: all threads of one skip the same inputs, whose weights are then not read.
  const rowThreads = Math.ceil(outFeatures / workgroupThreads) * workgroupThreads;
  const code = () => /* wgsl */ `
    ${epilogue.code()}
    // One thread per output of one row, and some beyond the outputs.
    fn main(index : i32) {
      let row = index / uniforms.rowThreads;
      let output = index % uniforms.rowThreads;
      if (row >= uniforms.rows || output >= uniforms.outFeatures) { return; }
      var sum = 0.0;
      for (var input = 0; input < uniforms.inFeatures; input++) {
        let value = x[row * uniforms.inFeatures + input];
        // As integers: the compiler may assume that floats hold no NaN.
        if ((bitcast<u32>(value) & 0x7fffffffu) != 0u) { sum += value * weights[input * uniforms.outFeatures + output]; }
      }
      let element = row * uniforms.outFeatures + output;
      result[element] = finished(sum, output, element);
    }`;
  const program = {
    key: `zeroSkipMatMul${epilogue.key}`,
    outputShape,
    inputs: { ...operands, ...epilogue.inputs },
    uniforms: { rows, inFeatures, outFeatures, rowThreads, ...epilogue.uniforms },
    code,
    threads: rows * rowThreads,
  };
  return { y: gpu.run(program) };
};
